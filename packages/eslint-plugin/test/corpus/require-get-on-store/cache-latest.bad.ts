import type { DmaFence } from '@dma-fence/core';
export class Cache {
  #latest: DmaFence | undefined;
  put(fence: DmaFence): void {
    this.#latest?.put();
    // reports require-get-on-store
    this.#latest = fence;
  }
  dispose(): void {
    this.#latest?.put();
    this.#latest = undefined;
  }
}
