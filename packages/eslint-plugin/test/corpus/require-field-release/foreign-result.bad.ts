// What a function of somebody else's hands over is stored over what was there before.
import type { DmaFence } from '@dma-fence/core';

declare function decode(): Promise<DmaFence>;

export class Player {
  #frame: DmaFence | undefined;
  async next(): Promise<void> {
    // reports require-field-release
    this.#frame = await decode();
  }
  get seqno(): bigint | undefined {
    return this.#frame?.seqno;
  }
}
