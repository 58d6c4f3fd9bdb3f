// A loop whose condition other code changes.
import type { DmaFenceContext } from '@dma-fence/core';

export class Worker {
  #isRunning = true;
  stop(): void {
    this.#isRunning = false;
  }
  async run(context: DmaFenceContext): Promise<void> {
    const fence = context.createFence();
    while (this.#isRunning) {
      await Promise.resolve();
    }
    fence.signal();
    fence.put();
  }
}
