import { type DmaFence } from '@dma-fence/core';

export class S {
  #f: DmaFence;
  constructor(f: DmaFence) {
    this.#f = f.get();
  }
  #done() {
    this.#f.put();
  }
  async finish() {
    await this.#f.wait();
    this.#done();
  }
}
