// The table keeps a fence that was only lent.
import type { DmaFence } from '@dma-fence/core';

export class Table {
  readonly #byId = new Map<number, DmaFence>();
  put(id: number, fence: DmaFence): void {
    this.#byId.get(id)?.put();
    // reports require-get-on-store
    this.#byId.set(id, fence);
  }
}
