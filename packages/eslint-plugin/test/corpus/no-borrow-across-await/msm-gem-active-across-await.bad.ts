import type { DmaFence } from '@dma-fence/core';

export class Bo {
  #excl: DmaFence | undefined;
  setExclusive(f: DmaFence): void {
    const old = this.#excl;
    this.#excl = f.get();
    old?.put();
  }
  async evict(flush: () => Promise<void>): Promise<void> {
    const excl = this.#excl;
    await flush();
    // reports no-borrow-across-await
    await excl?.wait();
  }
  dispose(): void {
    this.#excl?.put();
    this.#excl = undefined;
  }
}
