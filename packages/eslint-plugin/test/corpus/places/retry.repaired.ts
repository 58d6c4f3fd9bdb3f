import { type DmaFence } from '@dma-fence/core';

export class R {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async retry() {
    for (let i = 0; i < 3; i++) {
      const f = this.#f;
      if (!f) return;
      try {
        await f.wait();
        return;
      } catch {
        console.log(i);
      }
    }
  }
  done() {
    this.#f?.put();
    this.#f = undefined;
  }
  end() {
    this.#f?.put();
    this.#f = undefined;
  }
}
