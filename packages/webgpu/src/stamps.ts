/** How many stamps there are; a slot uses them in turn. */
const STAMPS = 256;
/** Bytes of a stamp; mapped ranges begin at multiples of it. */
export const STAMP_BYTES = 8;
/** The second word, so that no plausible data is a stamp. */
const MARK = 0x9e3779b9;

const COPY_SRC = 4;

/**
 * A table of stamps on the GPU. The copy of one, behind the data and in the same encoder, says that this copy ran: the GPU writes its
 * sequence number to memory, as a hardware ring does.
 *
 * Written once. A table that is rewritten for each use would also stamp the copy of an earlier use that is submitted late.
 */
export class Stamps {
  readonly #buffer: GPUBuffer;

  constructor(device: GPUDevice) {
    const size = STAMPS * STAMP_BYTES;
    this.#buffer = device.createBuffer({ label: 'stamps', size, usage: COPY_SRC, mappedAtCreation: true });
    const words = new Uint32Array(this.#buffer.getMappedRange());
    for (let stamp = 0; stamp < STAMPS; stamp++) words.set([stamp, MARK], stamp * 2);
    this.#buffer.unmap();
  }

  /** The stamp after another one. */
  next(stamp: number): number {
    return (stamp + 1) % STAMPS;
  }

  /** Records that `target` gets the stamp at `offset`. */
  record(encoder: GPUCommandEncoder, stamp: number, target: GPUBuffer, offset: number): void {
    encoder.copyBufferToBuffer(this.#buffer, stamp * STAMP_BYTES, target, offset, STAMP_BYTES);
  }

  /** Whether these mapped bytes are that stamp. */
  matches(stamp: number, bytes: ArrayBuffer): boolean {
    const [first, second] = new Uint32Array(bytes);
    return first === stamp && second === MARK;
  }

  destroy(): void {
    this.#buffer.destroy();
  }
}
