import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#drop();
    this.#last = f.get();
  }
  #drop() {
    // reports no-double-put
    this.#last?.put();
    this.#last = undefined;
  }
  finish() {
    this.#last?.put();
    this.#drop();
  }
}
