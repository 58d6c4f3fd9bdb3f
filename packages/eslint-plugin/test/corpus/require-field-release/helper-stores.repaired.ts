// A private helper stores what its caller took, once it has put what was there before.
import type { DmaFence } from '@dma-fence/core';

export class Latest {
  #fence: DmaFence | undefined;
  show(fence: DmaFence): void {
    this.#take(fence.get());
  }
  #take(fence: DmaFence): void {
    this.#fence?.put();
    this.#fence = fence;
  }
  get seqno(): bigint | undefined {
    return this.#fence?.seqno;
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
  }
}
