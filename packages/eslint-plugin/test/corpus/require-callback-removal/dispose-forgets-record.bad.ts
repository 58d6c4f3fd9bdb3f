// A fence that signals later calls into a disposed object.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export class Watcher {
  #seen = 0;
  readonly #record = new FenceCallback(() => {
    this.#seen += 1;
  });
  watch(fence: DmaFence): boolean {
    // reports require-callback-removal
    return fence.addCallback(this.#record);
  }
  [Symbol.dispose](): void {
    this.#seen = 0;
  }
}
