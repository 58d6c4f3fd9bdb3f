import { type DmaFence } from '@dma-fence/core';

export class S {
  #f: DmaFence | undefined;
  readonly set = (f: DmaFence) => {
    this.#f?.put();
    this.#f = f.get();
  };
  readonly reset = () => {
    // reports require-field-release
    this.#f = undefined;
  };
}
