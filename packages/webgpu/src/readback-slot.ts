import {
  FenceError,
  isDmaFence,
  waitAll,
  type DmaFence,
  type DriverFence,
  type WaitOptions,
} from '@dma-fence/core';
import { deviceOf } from './device-of.js';
import { failure, isCount, isPromise, must, nameOf } from './failure.js';
import type { ReadbackRing } from './readback-ring.js';
import type { Staging } from './stamps.js';

const READ = 1;

/**
 * One use of a staging buffer: record a copy into it, submit, read. `read()` gives it back; disposing of it does so where nothing is read.
 *
 * @example A copy of one's own: what a picture shows
 * ```ts
 * import type { GpuQueue, ReadbackSlot } from '@dma-fence/webgpu';
 *
 * async function pixel(queue: GpuQueue, slot: ReadbackSlot, texture: GPUTexture): Promise<number> {
 *   const encoder = queue.device.createCommandEncoder();
 *   encoder.copyTextureToBuffer({ texture }, { buffer: slot.buffer, bytesPerRow: 256 }, [1, 1]);
 *   slot.seal(encoder);
 *   using fence = queue.submit([encoder]);
 *   return slot.read(fence, (bytes) => new Uint32Array(bytes)[0] ?? 0);
 * }
 * ```
 */
export interface ReadbackSlot extends Disposable {
  /** For copies of one's own, from textures and query sets; `seal()` them. */
  readonly buffer: GPUBuffer;
  /**
   * Records a copy from `source`, and the stamp behind it.
   *
   * @param sourceOffset bytes, a multiple of 4; 0 by default.
   * @param size bytes, a multiple of 4; by default the rest of `source`, or as much of it as the slot takes.
   */
  copy(encoder: GPUCommandEncoder, source: GPUBuffer, sourceOffset?: number, size?: number): this;
  /** Records the stamp behind copies of one's own, which are in this encoder before it. `copy()` does it itself. */
  seal(encoder: GPUCommandEncoder): this;
  /**
   * Reads what was copied, once the submit that has the copy in it is done. Gives the slot back, whatever happens.
   *
   * @param fence of that submit. It is borrowed until the promise settles.
   * @param use gets the mapped bytes, as many as were copied, and must not keep them: they are gone when it returns.
   * @returns a promise for what `use` returned. It rejects with the fence's error; `ENODATA` if the copy did not run; `ETIME`, the reason
   * of an abort; `ENODEV` when the device is lost; `ECANCELED` when somebody else unmaps the buffer or disposes of the ring; with
   * what `use` threw. `EINVAL` before the submit, a second time, or with a fence of another device: then nothing has changed.
   */
  read<R>(fence: DmaFence, use: (bytes: ArrayBuffer) => R, options?: WaitOptions): Promise<R>;
}

/** Where a use stands. */
type State = 'acquired' | 'sealed' | 'read' | 'given back';

export class ReadbackUse implements ReadbackSlot {
  readonly #ring: ReadbackRing;
  readonly #staging: Staging;
  #state: State = 'acquired';
  /** How much of the buffer is of this use. */
  #size: number;
  /** The copy is part of a submit after this one. */
  #after = 0;
  /** Signals when the buffer is mapped; there while it is read. */
  #mapped: DriverFence | undefined = undefined;

  constructor(ring: ReadbackRing, staging: Staging) {
    this.#ring = ring;
    this.#staging = staging;
    this.#size = ring._byteLength;
    staging.begin();
  }

  get buffer(): GPUBuffer {
    return this.#staging.buffer;
  }

  copy(encoder: GPUCommandEncoder, source: GPUBuffer, sourceOffset = 0, size?: number): this {
    this.#expect('acquired', 'copy()');
    const bytes = size ?? Math.min(this.#ring._byteLength, source.size - sourceOffset);
    must(
      isCount(bytes / 4) && bytes <= this.#ring._byteLength,
      `${this.#name}: copy(): size must be a multiple of 4 up to ${this.#ring._byteLength}, not ${bytes}`,
    );
    encoder.copyBufferToBuffer(source, sourceOffset, this.buffer, 0, bytes);
    this.seal(encoder);
    this.#size = bytes;
    return this;
  }

  seal(encoder: GPUCommandEncoder): this {
    this.#expect('acquired', 'seal()');
    this.#staging.record(encoder);
    this.#state = 'sealed';
    this.#after = this.#ring._queue.submitted;
    return this;
  }

  async read<R>(fence: DmaFence, use: (bytes: ArrayBuffer) => R, options?: WaitOptions): Promise<R> {
    this.#expect('sealed', 'read()');
    this.#check(fence);
    must(typeof use === 'function', `${this.#name}: read(): use must be a function`);
    this.#state = 'read';
    const { buffer } = this;
    // As a fence, so that one wait has one timeout and one abort.
    // eslint-disable-next-line dma-fence/require-field-release -- put below, on every way out
    const mapped = (this.#mapped = this.#ring._context.createFence());
    const held = fence.get();
    try {
      this.#map(fence);
      await waitAll([held, mapped], options);
      return this.#use(use);
    } finally {
      this.#mapped = undefined;
      if (buffer.mapState !== 'unmapped') buffer.unmap();
      mapped.fail('ECANCELED');
      mapped.put();
      held.put();
      this.#ring._giveBack(this.#staging);
    }
  }

  [Symbol.dispose](): void {
    // A read that is under way gives it back itself.
    if (this.#state === 'read' || this.#state === 'given back') return;
    this.#state = 'given back';
    this.#ring._giveBack(this.#staging);
  }

  /** Begins the map with the wait: the submit is made, so it costs no time afterwards. */
  #map(fence: DmaFence): void {
    this.buffer.mapAsync(READ).then(
      () => this.#mapped?.signal(),
      (cause: unknown) => {
        // Given up meanwhile: nobody asks why.
        if (this.#mapped !== undefined) this.#explain(fence, cause);
      },
    );
  }

  /** Fails the read whose map failed. What explains it may be told later: that the device is lost, or that the submit was invalid. */
  #explain(fence: DmaFence, cause: unknown): void {
    const ring = this.#ring;
    const fail = (): void => {
      this.#mapped?.fail(ring._over ?? this.#ended(cause));
    };
    if (ring._over !== undefined) fail();
    else {
      ring._queue._suspect(cause, (over) => {
        // Given up meanwhile: the fence may be gone.
        if (over !== undefined || this.#mapped === undefined || !fence.addCallback(fail)) fail();
      });
    }
  }

  #ended(cause: unknown): FenceError {
    return failure('ECANCELED', `${this.#name}: the map ended`, cause);
  }

  #use<R>(use: (bytes: ArrayBuffer) => R): R {
    // Its fence may end long after the map.
    if (this.buffer.mapState !== 'mapped') throw this.#ring._over ?? this.#ended('unmapped by somebody else');
    if (!this.#staging.check()) {
      throw new FenceError(
        'ENODATA',
        `${this.#name}: the copy did not run: its submit was invalid, or is not the one of this fence`,
      );
    }
    const result = use(this.buffer.getMappedRange(0, this.#size));
    must(!isPromise(result), `${this.#name}: read(): no await in use: the bytes are gone when it returns`);
    return result;
  }

  #check(fence: DmaFence): void {
    const call = `${this.#name}: read()`;
    must(isDmaFence(fence), `${call} takes a fence`);
    const { device, context, submitted } = this.#ring._queue;
    if (fence.context === context) {
      must(fence.seqno <= submitted, `${call} before the submit: the map would make it invalid`);
      must(fence.seqno > this.#after, `${call}: ${fence.name} was submitted before the copy was recorded`);
    } else
      must((deviceOf(fence.context) ?? device) === device, `${call}: ${fence.name} is of another device`);
  }

  #expect(state: State, call: string): void {
    must(this.#state === state, `${this.#name}: ${call}: the slot is ${this.#state}, not ${state}`);
  }

  get #name(): string {
    return `slot of ${nameOf(this.#ring._queue.context)}`;
  }
}
