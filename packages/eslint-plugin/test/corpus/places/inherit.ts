import { type DmaFence } from '@dma-fence/core';

export class B {
  protected f: DmaFence | undefined;
  set(f: DmaFence) {
    this.f?.put();
    this.f = f.get();
  }
  [Symbol.dispose]() {
    this.f?.put();
    this.f = undefined;
  }
}
export class D extends B {
  #g: DmaFence | undefined;
  both(f: DmaFence) {
    this.set(f);
    this.#g?.put();
    this.#g = f.get();
  }
  override [Symbol.dispose]() {
    this.#g?.put();
    this.#g = undefined;
    super[Symbol.dispose]();
  }
}
