// Two records, of which the end takes off one.
import { type DmaFence, FenceCallback } from '@dma-fence/core';

export class Timer implements Disposable {
  readonly #fence: DmaFence;
  readonly #early = new FenceCallback(() => {
    this.ticks += 1;
  });
  readonly #late = new FenceCallback(() => {
    this.ticks += 2;
  });
  ticks = 0;

  constructor(fence: DmaFence) {
    this.#fence = fence.get();
  }

  arm(): boolean {
    // reports require-callback-removal
    return this.#fence.addCallback(this.#early) && this.#fence.addCallback(this.#late);
  }

  #disarm(): void {
    this.#fence.removeCallback(this.#late);
  }

  [Symbol.dispose](): void {
    this.#disarm();
    this.#fence.put();
  }
}
