import { type DmaFence } from '@dma-fence/core';

export class O {
  #f: DmaFence | undefined;
  #started = false;
  start(f: DmaFence) {
    if (this.#started) throw new Error('twice');
    this.#started = true;
    this.#f = f.get();
  }
  finish() {
    const f = this.#f;
    if (!f) return;
    this.#f = undefined;
    f.put();
  }
}
