// The old fence is this function's as soon as the field holds another one.
import type { DmaFence } from '@dma-fence/core';

export class Slot {
  #fence: DmaFence | undefined;
  replace(fence: DmaFence): void {
    const old = this.#fence;
    this.#fence = fence.get();
    old?.put();
  }
  take(): DmaFence | undefined {
    const fence = this.#fence;
    this.#fence = undefined;
    return fence;
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
    this.#fence = undefined;
  }
}
