import { type DmaFenceContext, type DmaFence } from '@dma-fence/core';

export class Lazy {
  #f: DmaFence | undefined;
  constructor(private readonly ctx: DmaFenceContext) {}
  get(): DmaFence {
    this.#f ??= this.ctx.createFence();
    return this.#f.get();
  }
  reset() {
    this.#f?.put();
    this.#f = undefined;
  }
  dispose() {
    this.#f?.put();
    this.#f = undefined;
  }
}
