import { type DmaFence } from '@dma-fence/core';

export class S {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async close() {
    const f = this.#f;
    // reports require-field-release
    this.#f = undefined;
    if (f === undefined) return;
    try {
      await f.wait();
    } finally {
    }
  }
}
