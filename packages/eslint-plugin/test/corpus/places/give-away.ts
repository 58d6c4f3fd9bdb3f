import { type DmaFence } from '@dma-fence/core';

export class H {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  moveTo(other: DmaFence[]) {
    if (this.#f) other.push(this.#f);
    this.#f = undefined;
  }
  end() {
    this.#f?.put();
    this.#f = undefined;
  }
}
