import { type DmaFence } from '@dma-fence/core';

export class K {
  readonly #keep = new Set<DmaFence>();
  watch(f: DmaFence) {
    const own = f.get();
    this.#keep.add(own);
    const done = () => {
      this.#keep.delete(own);
      own.put();
    };
    if (!own.addCallback(done)) done();
  }
  get size() {
    return this.#keep.size;
  }
}
