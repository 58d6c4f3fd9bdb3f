import type { DmaFence } from '@dma-fence/core';
export class PingPong {
  readonly #fences: [DmaFence | null, DmaFence | null] = [null, null];
  #i: 0 | 1 = 0;
  async next(fence: DmaFence): Promise<void> {
    this.#i = this.#i === 0 ? 1 : 0;
    const busy = this.#fences[this.#i];
    this.#fences[this.#i] = fence.get();
    if (busy === null) return;
    try {
      await busy.wait();
    } finally {
      busy.put();
    }
  }
}
