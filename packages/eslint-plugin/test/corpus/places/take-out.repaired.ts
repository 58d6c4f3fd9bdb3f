import { type DmaFence } from '@dma-fence/core';

export class Slot {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  take(): DmaFence | undefined {
    const f = this.#f;
    this.#f = undefined;
    return f;
  }
}
