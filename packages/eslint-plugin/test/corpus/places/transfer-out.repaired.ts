import { type DmaFence } from '@dma-fence/core';

export class Box {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  drain(): DmaFence[] {
    const list = this.#list;
    this.#list = [];
    return list;
  }
  close() {
    for (const f of this.drain()) f.put();
  }
}
