import { DmaFenceContext, FenceError, type WaitOptions } from '@dma-fence/core';
import { checkCount, checkOptions, invalid, nameOf } from './failure.js';
import { GpuQueue } from './gpu-queue.js';
import { ReadbackUse, type ReadbackSlot } from './readback-slot.js';
import { Staging } from './staging.js';
import { Stamps } from './stamps.js';
import { Turn } from './turn.js';

/**
 * How a {@link ReadbackRing} is made.
 *
 * @example Three slots for a page of 4 KiB
 * ```ts
 * import type { ReadbackRingOptions } from '@dma-fence/webgpu';
 *
 * const options: ReadbackRingOptions = { byteLength: 4096 };
 * ```
 */
export interface ReadbackRingOptions {
  /** The most bytes that one slot takes; a multiple of 4. */
  byteLength: number;
  /** How many slots there are; 3 by default. */
  slots?: number | undefined;
  /** Whether each copy is stamped, so that bytes of an earlier use are told from its own; true by default. */
  stamp?: boolean | undefined;
}

/**
 * A fixed number of staging buffers. A slot gives the bytes of its own submit, or none.
 *
 * @example Read a number back, each frame
 * ```ts
 * import type { GpuQueue, ReadbackRing } from '@dma-fence/webgpu';
 *
 * async function count(queue: GpuQueue, ring: ReadbackRing, encoder: GPUCommandEncoder, result: GPUBuffer): Promise<number> {
 *   const slot = await ring.acquire();
 *   slot.copy(encoder, result, 0, 4);
 *   using fence = queue.submit([encoder]);
 *   return slot.read(fence, (bytes) => new Uint32Array(bytes)[0] ?? 0); // of this submit, or it rejects
 * }
 * ```
 */
export class ReadbackRing implements Disposable {
  /** @internal */
  readonly _queue: GpuQueue;
  /** @internal The most bytes that a slot takes. */
  readonly _byteLength: number;
  /** @internal */
  readonly _stamps: Stamps | undefined;
  /** @internal The fences of maps, and of those who wait for a slot. */
  readonly _context: DmaFenceContext;
  readonly #free: Staging[];
  /** @internal */
  readonly _all: readonly Staging[];
  /** First come, first served. */
  #waiting: Turn[] = [];
  #over: FenceError | undefined = undefined;
  readonly #unlink: () => void;

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(queue: GpuQueue, options: ReadbackRingOptions) {
    if (!(queue instanceof GpuQueue)) throw invalid('ReadbackRing: queue must be a GpuQueue');
    checkOptions('ReadbackRing', options, ['byteLength', 'slots', 'stamp']);
    const { byteLength, slots = 3, stamp = true } = options;
    checkCount('ReadbackRing: slots', slots);
    checkCount('ReadbackRing: byteLength', byteLength);
    if (byteLength % 4 !== 0)
      throw invalid(`ReadbackRing: byteLength must be a multiple of 4, not ${String(byteLength)}`);
    if (typeof stamp !== 'boolean') throw invalid('ReadbackRing: stamp must be true or false');
    this._queue = queue;
    this._byteLength = byteLength;
    this._stamps = stamp ? new Stamps(queue.device) : undefined;
    this._context = new DmaFenceContext({
      driverName: 'gpu',
      timelineName: `${queue.context.timelineName} read-back`,
    });
    this._all = Array.from({ length: slots }, () => new Staging(queue.device, byteLength));
    this.#free = [...this._all];
    this.#unlink = queue._onEnd((error) => {
      this.#refuse(error);
    });
  }

  /** How many slots are free. */
  get available(): number {
    return this.#over === undefined ? this.#free.length : 0;
  }

  /**
   * Takes a slot if one is free: the caller gives it back by `read()`, or by disposing of it.
   *
   * @throws FenceError `EINVAL` once the ring was disposed of.
   */
  tryAcquire(): ReadbackSlot | undefined {
    if (this.#over !== undefined) throw this.#invalid('acquired after it was disposed of');
    const staging = this.#free.shift();
    return staging === undefined ? undefined : new ReadbackUse(this, staging);
  }

  /**
   * Takes a slot, and waits for one if none is free: first come, first served.
   *
   * @returns a promise that rejects with `ETIME`, the reason of an abort, `ENODEV` when the device is lost, `ECANCELED` when the ring or
   * its queue is disposed of meanwhile, `EINVAL` if it was before.
   */
  async acquire(options?: WaitOptions): Promise<ReadbackSlot> {
    const free = this.tryAcquire();
    if (free !== undefined) return free;
    if (this._queue._over !== undefined) throw this._queue._over;
    const turn = new Turn(this._context);
    this.#waiting.push(turn);
    try {
      return await turn.wait(options);
    } finally {
      this.#waiting = this.#waiting.filter((other) => other !== turn);
    }
  }

  /** Fails whoever waits or reads with `ECANCELED`, and destroys the buffers. */
  [Symbol.dispose](): void {
    if (this.#over !== undefined) return;
    this.#over = new FenceError('ECANCELED', `${this.#name}: disposed of`);
    this.#unlink();
    this.#refuse(this.#over);
    for (const { buffer } of this._all) buffer.destroy();
    this._stamps?.destroy();
  }

  /** @internal A slot is free again. */
  _giveBack(staging: Staging): void {
    const turn = this.#waiting.shift();
    if (turn === undefined) this.#free.push(staging);
    else turn.come(new ReadbackUse(this, staging));
  }

  get #name(): string {
    return `ReadbackRing of ${nameOf(this._queue.context)}`;
  }

  #invalid(what: string): FenceError {
    return invalid(`${this.#name}: ${what}`);
  }

  #refuse(error: FenceError): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const turn of waiting) turn.fail(error);
  }
}
