// The record is asked instead of the answer.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export class Waiter {
  readonly #record = new FenceCallback(() => {
    console.log('done');
  });
  arm(fence: DmaFence): boolean {
    fence.addCallback(this.#record);
    return this.#record.pending;
  }
  [Symbol.dispose](): void {
    this.#record[Symbol.dispose]();
  }
}
