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
    using fence = this.#next?.get();
    await prepare();
    await fence?.wait();
  }
  [Symbol.dispose](): void {
    this.#next?.put();
  }
}
