import { type DmaFence } from '@dma-fence/core';

export class K {
  #f: DmaFence | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  hold(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#f?.put();
      this.#f = undefined;
    }, 10);
  }
  stop() {
    clearTimeout(this.#timer);
    this.#f?.put();
    this.#f = undefined;
  }
}
