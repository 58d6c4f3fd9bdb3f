import type { DmaFence } from '@dma-fence/core';
export class Pair {
  readonly #a: DmaFence;
  readonly #b: DmaFence;
  constructor(a: DmaFence, b: DmaFence) {
    this.#a = a.get();
    this.#b = b.get();
  }
  get done(): boolean {
    return this.#a.signaled && this.#b.signaled;
  }
  dispose(): void {
    this.#a.put();
    this.#b.put();
  }
}
