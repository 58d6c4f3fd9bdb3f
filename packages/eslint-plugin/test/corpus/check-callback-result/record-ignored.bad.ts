// A record that was refused is believed to be pending.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export class Waiter {
  readonly #record = new FenceCallback(() => {
    this.#count += 1;
  });
  #count = 0;
  arm(fence: DmaFence): void {
    // reports check-callback-result
    fence.addCallback(this.#record);
  }
  [Symbol.dispose](): void {
    this.#record[Symbol.dispose]();
  }
}
