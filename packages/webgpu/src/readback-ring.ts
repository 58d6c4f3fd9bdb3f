import { DmaFenceContext, FenceError, type DriverFence, type WaitOptions } from '@dma-fence/core';
import { checkKeys } from '@dma-fence/core/producer';
import { isCount, must, nameOf } from './failure.js';
import { GpuQueue } from './gpu-queue.js';
import { ReadbackUse, type ReadbackSlot } from './readback-slot.js';
import { Staging, stampTable } from './stamps.js';

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
  /** @internal The fences of maps, and of those who wait for a slot. */
  readonly _context: DmaFenceContext;
  /** @internal */
  readonly _all: readonly Staging[];
  readonly #table: GPUBuffer | undefined;
  readonly #free: Staging[];
  /** Those who wait, first come, first served; a fence that has signaled has one of the free slots for itself. */
  readonly #waiting = new Set<DriverFence>();
  /** Set when it was disposed of. */
  #over: FenceError | undefined = undefined;
  readonly #unlink: () => void;

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(queue: GpuQueue, options: ReadbackRingOptions) {
    must(queue instanceof GpuQueue, 'ReadbackRing: queue must be a GpuQueue');
    checkKeys('ReadbackRing', options, ['byteLength', 'slots', 'stamp']);
    const { byteLength, slots = 3, stamp = true } = options;
    must(isCount(slots), 'ReadbackRing: slots must be an integer from 1');
    must(isCount(byteLength / 4), 'ReadbackRing: byteLength must be a multiple of 4');
    must(typeof stamp === 'boolean', 'ReadbackRing: stamp must be true or false');
    this._queue = queue;
    this._byteLength = byteLength;
    this._context = new DmaFenceContext({
      driverName: 'gpu',
      timelineName: `${queue.context.timelineName} read-back`,
    });
    this.#table = stamp ? stampTable(queue.device) : undefined;
    this._all = Array.from({ length: slots }, () => new Staging(queue.device, byteLength, this.#table));
    this.#free = [...this._all];
    this.#unlink = queue._onEnd((error) => {
      this.#refuse(error);
    });
  }

  /** How many slots are free. */
  get available(): number {
    return this.#over !== undefined ? 0 : this.#free.length - this.#taken();
  }

  /**
   * Takes a slot if one is free: the caller gives it back by `read()`, or by disposing of it.
   *
   * @throws FenceError `EINVAL` once the ring was disposed of.
   */
  tryAcquire(): ReadbackSlot | undefined {
    must(this.#over === undefined, `${this.#name}: disposed of`);
    return this.available > 0 ? this.#take() : undefined;
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
    const turn = this._context.createFence();
    this.#waiting.add(turn);
    try {
      await turn.wait(options);
      return this.#take();
    } finally {
      this.#waiting.delete(turn);
      turn.fail('ECANCELED');
      turn.put();
      // Its slot may have come after the wait was given up, and before we were told.
      this.#serve();
    }
  }

  /** Fails whoever waits or reads with `ECANCELED`, and destroys the buffers. */
  [Symbol.dispose](): void {
    if (this.#over !== undefined) return;
    this.#over = new FenceError('ECANCELED', `${this.#name}: disposed of`);
    this.#unlink();
    this.#refuse(this.#over);
    for (const { buffer } of this._all) buffer.destroy();
    this.#table?.destroy();
  }

  /** @internal Why nothing is read any more: it was disposed of, or its queue has ended. */
  get _over(): FenceError | undefined {
    return this.#over ?? this._queue._over;
  }

  /** @internal A slot is free again. */
  _giveBack(staging: Staging): void {
    this.#free.push(staging);
    this.#serve();
  }

  get #name(): string {
    return `ReadbackRing of ${nameOf(this._queue.context)}`;
  }

  #take(): ReadbackSlot {
    return new ReadbackUse(this, this.#free.shift() as Staging);
  }

  /** How many free slots are somebody's already. */
  #taken(): number {
    let taken = 0;
    for (const { signaled } of this.#waiting) if (signaled) taken++;
    return taken;
  }

  #serve(): void {
    for (const turn of this.#waiting) if (this.available > 0) turn.signal();
  }

  #refuse(error: FenceError): void {
    for (const turn of this.#waiting) turn.fail(error);
  }
}
