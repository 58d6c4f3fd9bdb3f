import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    const old = this.#last;
    // reports require-field-release
    this.#last = f.get();
  }
  dispose() {
    this.#last?.put();
    this.#last = undefined;
  }
}
