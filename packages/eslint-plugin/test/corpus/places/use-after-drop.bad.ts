import { type DmaFence } from '@dma-fence/core';

export class P {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  #drop() {
    this.#f?.put();
    this.#f = undefined;
  }
  finish() {
    const f = this.#f;
    this.#drop();
    // reports no-use-after-put
    f?.setDeadline(0);
  }
}
