import { type DmaFence } from '@dma-fence/core';

export class H {
  #f: DmaFence | null = null;
  set(f: DmaFence | null) {
    const old = this.#f;
    this.#f = f?.get() ?? null;
    old?.put();
  }
}
