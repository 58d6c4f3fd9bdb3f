import type { DmaFence } from '@dma-fence/core';
export class Cache {
  #latest: DmaFence | undefined;
  put(fence: DmaFence): void {
    this.#latest?.put();
    this.#latest = fence.get();
  }
  dispose(): void {
    this.#latest?.put();
    this.#latest = undefined;
  }
}
