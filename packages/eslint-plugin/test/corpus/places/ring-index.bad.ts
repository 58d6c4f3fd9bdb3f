import { type DmaFence } from '@dma-fence/core';

export class Ring {
  readonly #slots: (DmaFence | undefined)[] = new Array(4);
  #n = 0;
  push(f: DmaFence) {
    const i = this.#n % 4;
    const old = this.#slots[i];
    if (old !== undefined) {
      console.log('full', old.seqno);
    }
    // reports require-field-release
    this.#slots[i] = f.get();
    this.#n += 1;
  }
}
