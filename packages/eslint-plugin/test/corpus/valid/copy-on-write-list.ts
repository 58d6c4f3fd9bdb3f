import type { DmaFence } from '@dma-fence/core';
export class CowList {
  #list: readonly DmaFence[] = [];
  add(f: DmaFence): void {
    this.#list = [...this.#list, f.get()];
  }
  remove(f: DmaFence): boolean {
    if (!this.#list.includes(f)) return false;
    this.#list = this.#list.filter((x) => x !== f);
    f.put();
    return true;
  }
}
