import { type DmaFence } from '@dma-fence/core';

export class Box {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  drain(): DmaFence[] {
    const list = this.#list;
    // reports require-field-release
    this.#list = [];
    return list;
  }
  close() {
    for (const f of this.drain()) console.log(f.seqno);
  }
}
