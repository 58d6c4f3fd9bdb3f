import { type DmaFence, fenceArray } from '@dma-fence/core';

export class Batch {
  readonly #members: DmaFence[] = [];

  add(fence: DmaFence): this {
    this.#members.push(fence.get());
    return this;
  }

  close(): DmaFence {
    const array = fenceArray(this.#members);
    for (const member of this.#members) member.put();
    this.#members.length = 0;
    return array;
  }
}
