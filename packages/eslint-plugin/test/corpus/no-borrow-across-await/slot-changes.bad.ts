// The slot may hold another fence after the await, and nobody keeps this one.
import type { DmaFence } from '@dma-fence/core';

declare function prepare(): Promise<void>;

export class Display {
  #next: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#next?.put();
    this.#next = fence.get();
  }
  async show(): Promise<void> {
    const fence = this.#next;
    await prepare();
    // reports no-borrow-across-await
    await fence?.wait();
  }
  [Symbol.dispose](): void {
    this.#next?.put();
  }
}
