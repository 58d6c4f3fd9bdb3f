import { type DmaFence } from '@dma-fence/core';

export class Live {
  readonly #set = new Set<DmaFence>();
  add(f: DmaFence) {
    this.#set.add(f.get());
  }
  sweep() {
    for (const f of this.#set)
      if (f.signaled) {
        // reports require-field-release
        this.#set.delete(f);
      }
  }
  close() {
    for (const f of this.#set) f.put();
    this.#set.clear();
  }
}
