import { type DmaFence } from '@dma-fence/core';

export class Live {
  readonly #set = new Set<DmaFence>();
  add(f: DmaFence) {
    this.#set.add(f.get());
  }
  remove(f: DmaFence) {
    if (this.#set.delete(f)) f.put();
  }
  close() {
    for (const f of this.#set) f.put();
    this.#set.clear();
  }
}
