import { type DmaFence } from '@dma-fence/core';

export class L {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  sweep() {
    this.#list = this.#list.filter((f) => {
      if (!f.signaled) return true;
      f.put();
      return false;
    });
  }
  close() {
    this.#list.forEach((f) => f.put());
    this.#list = [];
  }
}
