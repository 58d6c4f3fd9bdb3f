import { FenceCallback, type DmaFence } from '@dma-fence/core';

interface Listener {
  ready(): void;
}

/** Tells a listener once, whichever fence is first; takes itself off at its end. */
export class Watcher implements Disposable {
  readonly #record: FenceCallback;
  #fence: DmaFence | undefined;

  constructor(listener: Listener) {
    this.#record = new FenceCallback(() => {
      listener.ready();
    });
  }

  watch(fence: DmaFence): boolean {
    this.stop();
    if (!fence.addCallback(this.#record)) return false;
    this.#fence = fence.get();
    return true;
  }

  stop(): void {
    const fence = this.#fence;
    if (fence === undefined) return;
    this.#fence = undefined;
    fence.removeCallback(this.#record);
    fence.put();
  }

  /** Waits for the fence that is watched now. */
  async settled(): Promise<void> {
    const fence = this.#fence;
    if (fence === undefined) return;
    using held = fence.get();
    await held.wait();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
