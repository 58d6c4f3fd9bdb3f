import type { DmaFence } from '@dma-fence/core';
export class Fifo {
  #list: DmaFence[] = [];
  add(f: DmaFence): void {
    this.#list.push(f.get());
  }
  retire(): void {
    for (let f = this.#list[0]; f?.signaled; f = this.#list[0]) {
      this.#list.shift();
      f.put();
    }
  }
  destroy(): void {
    let f: DmaFence | undefined;
    while ((f = this.#list.pop())) f.put();
  }
}
