// A batch keeps a reference to each fence, and forgets them when it is disposed of.
import type { DmaFence } from '@dma-fence/core';

export class Batch {
  readonly #fences: DmaFence[] = [];
  add(fence: DmaFence): this {
    // reports require-field-release
    this.#fences.push(fence.get());
    return this;
  }
  async flush(): Promise<void> {
    for (const fence of this.#fences) await fence.wait();
  }
  [Symbol.dispose](): void {
    this.#fences.length = 0;
  }
}
