import { fenceChain, type DmaFence } from '@dma-fence/core';
export class TimelineSlot {
  #head: DmaFence | undefined;
  append(fence: DmaFence, seqno: number): void {
    const head = fenceChain(this.#head, fence, seqno);
    this.#head?.put();
    this.#head = head;
  }
  snapshot(): DmaFence | undefined {
    return this.#head?.get();
  }
  close(): void {
    this.#head?.put();
    this.#head = undefined;
  }
}
