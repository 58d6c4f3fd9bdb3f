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
    // reports require-field-release
    this.#last = undefined;
    if (!ok) return;
    f.put();
  }
}
