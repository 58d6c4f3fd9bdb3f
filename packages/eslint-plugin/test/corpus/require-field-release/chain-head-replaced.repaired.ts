// A timeline kept by hand as a chain: appending, looking a point up, collecting.
import { fenceChain, findChainSeqno, type DmaFence } from '@dma-fence/core';

export class HandTimeline {
  #head: DmaFence | undefined;
  #last = 0;

  append(fence: DmaFence): number {
    this.#last += 1;
    const link = fenceChain(this.#head, fence, this.#last);
    this.#head?.put();
    this.#head = link;
    return this.#last;
  }

  find(point: number): DmaFence | undefined {
    if (!this.#head || point > this.#last) return undefined;
    return findChainSeqno(this.#head, point);
  }

  reset(): void {
    this.#head?.put();
    this.#head = undefined;
    this.#last = 0;
  }
}
