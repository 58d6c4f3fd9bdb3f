import { type DmaFence } from '@dma-fence/core';

export class Slot {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  take(): DmaFence | undefined {
    const f = this.#f;
    // reports require-field-release
    this.#f = undefined;
    if (f?.signaled) return undefined;
    return f;
  }
}
