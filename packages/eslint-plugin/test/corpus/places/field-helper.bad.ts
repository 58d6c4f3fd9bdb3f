import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#drop();
    this.#last = f.get();
  }
  #drop() {
    // reports require-field-release
    this.#last = undefined;
  }
  dispose() {
    this.#last?.put();
    this.#last = undefined;
  }
}
