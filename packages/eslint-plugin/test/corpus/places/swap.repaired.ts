import { type DmaFence } from '@dma-fence/core';

export class Double {
  #front: DmaFence | undefined;
  #back: DmaFence | undefined;
  render(f: DmaFence) {
    this.#back?.put();
    this.#back = this.#front;
    this.#front = f.get();
  }
  close() {
    this.#front?.put();
    this.#back?.put();
    this.#front = this.#back = undefined;
  }
}
