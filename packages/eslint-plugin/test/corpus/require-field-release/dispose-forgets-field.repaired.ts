// The object's end leaves its fence behind.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

export class Job {
  readonly #done: DriverFence;
  constructor(context: DmaFenceContext) {
    this.#done = context.createFence();
  }
  finish(): void {
    this.#done.signal();
  }
  [Symbol.dispose](): void {
    this.#done.fail('ECANCELED');
    this.#done.put();
  }
}
