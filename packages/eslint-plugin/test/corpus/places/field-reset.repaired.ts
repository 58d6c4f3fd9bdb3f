import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#last?.put();
    this.#last = f.get();
  }
  reset() {
    this.#last?.put();
    this.#last = undefined;
  }
}
