// A collection whose type says that it does not own.
import type { Borrowed, DmaFence } from '@dma-fence/core';

export class Watch {
  readonly #seen: Borrowed<DmaFence>[] = [];
  see(fence: DmaFence): void {
    this.#seen.push(fence);
  }
  count(): number {
    return this.#seen.length;
  }
}
