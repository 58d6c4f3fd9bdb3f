import { type DmaFence } from '@dma-fence/core';

export function putAll(list: Iterable<DmaFence>) {
  for (const f of list) f.put();
}
export class H {
  readonly #s = new Set<DmaFence>();
  add(f: DmaFence) {
    this.#s.add(f.get());
  }
  clear() {
    putAll(this.#s);
    this.#s.clear();
  }
}
