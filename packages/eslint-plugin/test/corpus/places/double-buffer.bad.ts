import { type DmaFence } from '@dma-fence/core';

export class D {
  #cur: DmaFence;
  #old: DmaFence | undefined;
  constructor(f: DmaFence) {
    this.#cur = f.get();
  }
  flip(f: DmaFence) {
    this.#old?.put();
    this.#old = this.#cur;
    this.#cur = f.get();
  }
  close() {
    this.#cur.put();
    // reports require-field-release
    this.#old = undefined;
  }
}
