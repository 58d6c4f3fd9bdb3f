import { signaledFence, type DmaFence } from '@dma-fence/core';
export class Lazy {
  #stub?: DmaFence;
  get stub(): DmaFence {
    return (this.#stub ??= signaledFence());
  }
  [Symbol.dispose](): void {
    this.#stub?.put();
    this.#stub = undefined;
  }
}
