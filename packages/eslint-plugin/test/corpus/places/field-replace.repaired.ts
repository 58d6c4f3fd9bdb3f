import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    const old = this.#last;
    this.#last = f.get();
    old?.put();
  }
  dispose() {
    this.#last?.put();
    this.#last = undefined;
  }
}
