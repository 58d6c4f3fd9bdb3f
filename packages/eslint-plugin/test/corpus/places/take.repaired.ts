import { type DmaFence } from '@dma-fence/core';

export class A {
  #f: DmaFence | undefined;
  add(f: DmaFence) {
    this.#take(f.get());
  }
  #take(f: DmaFence) {
    this.#f?.put();
    this.#f = f;
  }
  get seqno() {
    return this.#f?.seqno;
  }
}
