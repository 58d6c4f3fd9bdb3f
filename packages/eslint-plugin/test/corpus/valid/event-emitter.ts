import { type DmaFence, FenceCallback } from '@dma-fence/core';

type Listener = (fence: DmaFence) => void;

export class FenceEvents implements Disposable {
  readonly #listeners = new Set<Listener>();
  readonly #records = new Map<DmaFence, FenceCallback>();

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  track(fence: DmaFence): void {
    if (this.#records.has(fence)) return;
    const held = fence.get();
    const record = new FenceCallback((done) => {
      this.#records.delete(held);
      for (const listener of this.#listeners) listener(done);
      held.put();
    });
    this.#records.set(held, record);
    if (held.addCallback(record)) return;
    record.run(held, record);
  }

  [Symbol.dispose](): void {
    for (const [fence, record] of this.#records) {
      if (fence.removeCallback(record)) fence.put();
    }
    this.#records.clear();
  }
}
