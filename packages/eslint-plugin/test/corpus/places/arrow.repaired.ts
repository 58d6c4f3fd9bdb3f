import { type DmaFence } from '@dma-fence/core';

export class S {
  #f: DmaFence | undefined;
  readonly set = (f: DmaFence) => {
    this.#f?.put();
    this.#f = f.get();
  };
  readonly reset = () => {
    this.#f?.put();
    this.#f = undefined;
  };
}
