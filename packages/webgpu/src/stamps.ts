/** How many stamps there are; a slot uses them in turn. */
const STAMPS = 256;
/** Bytes of a stamp; mapped ranges begin at multiples of it. */
const BYTES = 8;
/** The second word, so that no plausible data is a stamp. */
const MARK = 0x9e3779b9;

const MAP_READ = 1;
const COPY_SRC = 4;
const COPY_DST = 8;

/**
 * A table of stamps on the GPU. The copy of one, behind the data and in the same encoder, says that this copy ran: the GPU writes its
 * sequence number to memory, as a hardware ring does.
 *
 * Written once. A table that is rewritten for each use would also stamp the copy of an earlier use that is submitted late.
 */
export function stampTable(device: GPUDevice): GPUBuffer {
  const table = device.createBuffer({ size: STAMPS * BYTES, usage: COPY_SRC, mappedAtCreation: true });
  const words = new Uint32Array(table.getMappedRange());
  for (let stamp = 0; stamp < STAMPS; stamp++) words.set([stamp, MARK], stamp * 2);
  table.unmap();
  return table;
}

/** A buffer of a ring: the data, and behind it the stamp of the copy that filled it last. */
export class Staging {
  /** What the copies go to. */
  buffer!: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #table: GPUBuffer | undefined;
  /** Where the stamp is. */
  readonly #offset: number;
  /** The stamp of the present use. */
  #stamp = 0;
  /** The stamp that was found last: what the buffer holds is this one, or a later one that nobody looked at. */
  #found = 0;

  constructor(device: GPUDevice, byteLength: number, table: GPUBuffer | undefined) {
    this.#device = device;
    this.#table = table;
    this.#offset = Math.ceil(byteLength / BYTES) * BYTES;
    this.#create();
  }

  /** Begins a use: its stamp is none that the buffer can hold. */
  begin(): void {
    this.#stamp = (this.#stamp + 1) % STAMPS;
    if (this.#stamp !== this.#found) return;
    // All others went out since the last one was found, so any may be in there. A new buffer holds none of them.
    this.buffer.destroy();
    this.#create();
  }

  /** Records the stamp of this use. */
  record(encoder: GPUCommandEncoder): void {
    if (this.#table !== undefined) {
      encoder.copyBufferToBuffer(this.#table, this.#stamp * BYTES, this.buffer, this.#offset, BYTES);
    }
  }

  /** Whether the mapped buffer has it. */
  check(): boolean {
    if (this.#table === undefined) return true;
    const [stamp, mark] = new Uint32Array(this.buffer.getMappedRange(this.#offset, BYTES));
    if (stamp !== this.#stamp || mark !== MARK) return false;
    this.#found = stamp;
    return true;
  }

  #create(): void {
    this.buffer = this.#device.createBuffer({ size: this.#offset + BYTES, usage: MAP_READ | COPY_DST });
  }
}
