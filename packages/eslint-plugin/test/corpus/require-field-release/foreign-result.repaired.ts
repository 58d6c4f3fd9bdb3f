// What a function of somebody else's hands over is stored once what was there before is put.
import type { DmaFence } from '@dma-fence/core';

declare function decode(): Promise<DmaFence>;

export class Player {
  #frame: DmaFence | undefined;
  async next(): Promise<void> {
    const frame = await decode();
    this.#frame?.put();
    this.#frame = frame;
  }
  get seqno(): bigint | undefined {
    return this.#frame?.seqno;
  }
  [Symbol.dispose](): void {
    this.#frame?.put();
  }
}
