import type { DmaFence } from '@dma-fence/core';
export class Watchdog {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fence: DmaFence | undefined;
  arm(fence: DmaFence, ms: number, bark: (name: string) => void): void {
    this.disarm();
    const mine = fence.get();
    this.#fence = mine;
    this.#timer = setTimeout(() => {
      if (!mine.signaled) bark(mine.name);
      this.disarm();
    }, ms);
  }
  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#fence?.put();
    this.#fence = undefined;
  }
}
