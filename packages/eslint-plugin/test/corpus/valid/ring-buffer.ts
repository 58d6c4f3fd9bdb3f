import type { DmaFence } from '@dma-fence/core';
export class FenceRing {
  readonly #slots: (DmaFence | undefined)[];
  #head = 0;
  constructor(size: number) {
    this.#slots = new Array<DmaFence | undefined>(size).fill(undefined);
  }
  push(f: DmaFence): void {
    const i = this.#head++ % this.#slots.length;
    this.#slots[i]?.put();
    this.#slots[i] = f.get();
  }
  at(i: number): DmaFence | undefined {
    return this.#slots[i % this.#slots.length]?.get();
  }
  destroy(): void {
    for (let i = 0; i < this.#slots.length; ++i) {
      this.#slots[i]?.put();
      this.#slots[i] = undefined;
    }
  }
}
