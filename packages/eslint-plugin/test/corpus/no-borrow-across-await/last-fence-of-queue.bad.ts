// Teardown reads the last fence, flushes the worker, and waits for what may long be another submission's.
import type { DmaFence } from '@dma-fence/core';

interface Worker {
  flush(): Promise<void>;
}

export class UserQueue {
  #lastFence: DmaFence | undefined;
  readonly #worker: Worker;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  submitted(fence: DmaFence): void {
    this.#lastFence?.put();
    this.#lastFence = fence.get();
  }

  async drain(timeoutMs: number): Promise<void> {
    const last = this.#lastFence;
    if (!last) return;
    await this.#worker.flush();
    // reports no-borrow-across-await
    if (!last.signaled) await last.wait({ timeoutMs });
  }

  release(): void {
    this.#lastFence?.put();
    this.#lastFence = undefined;
  }
}
