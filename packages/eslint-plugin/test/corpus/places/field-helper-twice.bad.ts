import { type DmaFence } from '@dma-fence/core';

export class A {
  #f: DmaFence;
  constructor(f: DmaFence) {
    this.#f = f.get();
  }
  #drop() {
    this.#f.put();
  }
  close() {
    this.#drop();
    // reports no-double-put
    this.#f.put();
  }
}
