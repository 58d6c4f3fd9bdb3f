import { type DmaFence } from '@dma-fence/core';

export class A {
  #last: DmaFence | undefined;
  push(f: DmaFence) {
    this.#last?.put();
    this.#last = f.get();
  }
  finish(ok: boolean) {
    const f = this.#last;
    if (!f) return;
    this.#last = undefined;
    f.put();
  }
}
