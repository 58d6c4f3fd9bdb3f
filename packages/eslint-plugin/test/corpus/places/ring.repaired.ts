import { type DmaFence } from '@dma-fence/core';

export class Ring {
  readonly #slots: (DmaFence | undefined)[] = [];
  #next = 0;
  push(f: DmaFence) {
    const i = this.#next++ % 4;
    const old = this.#slots[i];
    this.#slots[i] = f.get();
    old?.put();
  }
  close() {
    for (const f of this.#slots) f?.put();
    this.#slots.length = 0;
  }
}
