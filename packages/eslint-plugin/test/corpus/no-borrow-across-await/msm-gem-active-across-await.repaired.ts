import type { DmaFence } from '@dma-fence/core';

export class Bo {
  #excl: DmaFence | undefined;
  setExclusive(f: DmaFence): void {
    const old = this.#excl;
    this.#excl = f.get();
    old?.put();
  }
  async evict(flush: () => Promise<void>): Promise<void> {
    using excl = this.#excl?.get();
    await flush();
    await excl?.wait();
  }
  dispose(): void {
    this.#excl?.put();
    this.#excl = undefined;
  }
}
