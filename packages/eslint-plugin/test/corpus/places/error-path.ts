import { type DmaFence } from '@dma-fence/core';

export class H {
  #f: DmaFence | undefined;
  load(f: DmaFence, fail: boolean) {
    const own = f.get();
    try {
      if (fail) throw new Error('no');
      this.#f?.put();
      this.#f = own;
    } catch (e) {
      own.put();
      throw e;
    }
  }
  end() {
    this.#f?.put();
    this.#f = undefined;
  }
}
