import { type DmaFence } from '@dma-fence/core';

export class H {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  finish() {
    if (this.#f === undefined) return;
    using f = this.#f;
    this.#f = undefined;
    console.log(f.seqno);
  }
}
