import type { DmaFenceContext, DriverFence, FenceError, WaitOptions } from '@dma-fence/core';
import type { ReadbackSlot } from './readback-slot.js';

/** Somebody who waits for a slot. */
export class Turn {
  readonly #fence: DriverFence;
  #slot: ReadbackSlot | undefined = undefined;

  constructor(context: DmaFenceContext) {
    this.#fence = context.createFence();
  }

  /** It has come. */
  come(slot: ReadbackSlot): void {
    this.#slot = slot;
    this.#fence.signal();
  }

  /** It will not come. */
  fail(error: FenceError): void {
    this.#fence.fail(error);
  }

  /** Waits for it, once. The fence is over, and put, when this settles. */
  async wait(options?: WaitOptions): Promise<ReadbackSlot> {
    try {
      await this.#fence.wait(options);
      return this.#slot as ReadbackSlot;
    } catch (error) {
      // It may have come after the wait was given up, and before we were told.
      this.#slot?.[Symbol.dispose]();
      throw error;
    } finally {
      this.#fence.fail('ECANCELED');
      this.#fence.put();
    }
  }
}
