import type { DmaFence } from '@dma-fence/core';
export class Compact {
  #list: DmaFence[] = [];
  add(f: DmaFence): void {
    this.#list.push(f.get());
  }
  gc(): number {
    let j = 0;
    for (let i = 0; i < this.#list.length; i++) {
      const f = this.#list[i]!;
      if (f.signaled) f.put();
      else this.#list[j++] = f;
    }
    const gone = this.#list.length - j;
    this.#list.length = j;
    return gone;
  }
}
