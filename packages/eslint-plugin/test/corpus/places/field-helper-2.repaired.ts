import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#drop();
    this.#last = f.get();
  }
  #drop() {
    this.#last?.put();
    this.#last = undefined;
  }
  finish() {
    this.#drop();
  }
}
