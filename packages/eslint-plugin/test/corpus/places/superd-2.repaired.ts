import { type DmaFence } from '@dma-fence/core';

export class Base {
  #f: DmaFence;
  constructor(f: DmaFence) {
    this.#f = f.get();
  }
  [Symbol.dispose]() {
    this.#f.put();
  }
}
export class Derived extends Base {
  #g: DmaFence;
  constructor(f: DmaFence) {
    super(f);
    this.#g = f.get();
  }
  override [Symbol.dispose]() {
    this.#g.put();
    super[Symbol.dispose]();
  }
}
