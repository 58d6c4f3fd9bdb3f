// The field is put, and put again before it is cleared.
import type { DmaFence } from '@dma-fence/core';

export class Slot {
  #fence: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#fence?.put();
    this.#fence = fence.get();
  }
  clear(isNoisy: boolean): void {
    this.#fence?.put();
    if (isNoisy) console.log('cleared');
    this.#fence = undefined;
  }
  [Symbol.dispose](): void {
    this.clear(false);
  }
}
