// A file that was polled and closed is still called when its fence signals.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export class SyncFile {
  readonly #fence: DmaFence;
  #isReady = false;
  readonly #poll = new FenceCallback(() => {
    this.#isReady = true;
  });

  constructor(fence: DmaFence) {
    this.#fence = fence.get();
  }

  poll(): boolean {
    // reports require-callback-removal
    if (!this.#poll.pending && !this.#fence.addCallback(this.#poll)) this.#isReady = true;
    return this.#isReady;
  }

  close(): void {
    this.#fence.put();
  }
}
