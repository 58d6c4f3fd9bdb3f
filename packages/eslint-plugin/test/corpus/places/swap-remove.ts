import { type DmaFence } from '@dma-fence/core';

export class L {
  #list: DmaFence[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  removeAt(i: number) {
    const last = this.#list.pop();
    if (last === undefined) return;
    if (i < this.#list.length) {
      const old = this.#list[i]!;
      this.#list[i] = last;
      old.put();
    } else last.put();
  }
  close() {
    for (const f of this.#list) f.put();
    this.#list = [];
  }
}
