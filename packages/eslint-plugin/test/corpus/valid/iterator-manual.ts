import type { DmaFence } from '@dma-fence/core';
export class OwnedCursor implements IterableIterator<DmaFence> {
  #items: DmaFence[];
  constructor(items: Iterable<DmaFence>) {
    this.#items = [...items].map((f) => f.get());
  }
  next(): IteratorResult<DmaFence> {
    const value = this.#items.shift();
    return value === undefined ? { done: true, value: undefined } : { done: false, value };
  }
  return(): IteratorResult<DmaFence> {
    for (const f of this.#items.splice(0)) f.put();
    return { done: true, value: undefined };
  }
  [Symbol.iterator](): this {
    return this;
  }
}
