import type { DmaFence } from '@dma-fence/core';
export class Vm {
  #lastUpdate: DmaFence | null = null;
  #lastUnlocked: DmaFence | null = null;
  update(fence: DmaFence, unlocked: boolean): void {
    if (unlocked) {
      const old = this.#lastUnlocked;
      this.#lastUnlocked = fence.get();
      if (old) old.put();
    } else {
      const old = this.#lastUpdate;
      this.#lastUpdate = fence.get();
      if (old) old.put();
    }
  }
  async fini(): Promise<void> {
    for (const key of ['update', 'unlocked'] as const) {
      const fence = key === 'update' ? this.#lastUpdate : this.#lastUnlocked;
      if (fence === null) continue;
      if (key === 'update') this.#lastUpdate = null;
      else this.#lastUnlocked = null;
      try {
        await fence.wait();
      } finally {
        fence.put();
      }
    }
  }
}
