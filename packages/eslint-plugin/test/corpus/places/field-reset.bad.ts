import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#last?.put();
    this.#last = f.get();
  }
  reset() {
    // reports require-field-release
    this.#last = undefined;
  }
}
