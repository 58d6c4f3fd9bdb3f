import { type DmaFence } from '@dma-fence/core';

export class Ring {
  readonly #slots: (DmaFence | undefined)[] = [];
  #next = 0;
  push(f: DmaFence) {
    const i = this.#next;
    this.#slots[i]?.put();
    this.#slots[i] = f.get();
    this.#next = (i + 1) % 4;
  }
  retire(i: number) {
    this.#slots[i]?.put();
    this.#slots[i] = undefined;
  }
}
