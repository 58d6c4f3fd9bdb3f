import { type DmaFence } from '@dma-fence/core';

export class P {
  #a: DmaFence | undefined;
  #b: DmaFence | undefined;
  flip() {
    [this.#a, this.#b] = [this.#b, this.#a];
  }
  setA(f: DmaFence) {
    this.#a?.put();
    this.#a = f.get();
  }
  setB(f: DmaFence) {
    this.#b?.put();
    this.#b = f.get();
  }
  clear() {
    this.#a?.put();
    this.#b?.put();
    this.#a = undefined;
    this.#b = undefined;
  }
}
