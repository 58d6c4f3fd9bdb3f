import { type DmaFence } from '@dma-fence/core';

export class H {
  #f: DmaFence | undefined;
  offer(f: DmaFence, keep: boolean) {
    const own = f.get();
    if (keep) {
      this.#f?.put();
      this.#f = own;
    } else own.put();
  }
  end() {
    this.#f?.put();
    this.#f = undefined;
  }
}
