import { FenceCallback, type DmaFence } from '@dma-fence/core';
interface Waiter {
  fence: DmaFence;
  record: FenceCallback;
}
export class Multi implements Disposable {
  readonly #waiters = new Set<Waiter>();
  watch(fence: DmaFence, run: () => void): void {
    const waiter: Waiter = {
      fence: fence.get(),
      record: new FenceCallback(() => {
        this.#waiters.delete(waiter);
        run();
        waiter.fence.put();
      }),
    };
    this.#waiters.add(waiter);
    if (!fence.addCallback(waiter.record)) {
      this.#waiters.delete(waiter);
      run();
      waiter.fence.put();
    }
  }
  [Symbol.dispose](): void {
    for (const { fence, record } of this.#waiters) {
      fence.removeCallback(record);
      fence.put();
    }
    this.#waiters.clear();
  }
}
