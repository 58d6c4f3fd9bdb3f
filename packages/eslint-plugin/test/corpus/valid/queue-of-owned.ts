// A queue owns what is pushed, and hands over what is shifted.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

export class Queue {
  readonly #pending: DriverFence[] = [];
  push(context: DmaFenceContext): void {
    this.#pending.push(context.createFence());
  }
  finish(): boolean {
    const fence = this.#pending.shift();
    if (!fence) return false;
    fence.signal();
    fence.put();
    return true;
  }
  requeue(): void {
    const fence = this.#pending.pop();
    if (fence !== undefined) this.#pending.unshift(fence);
  }
  [Symbol.dispose](): void {
    for (const fence of this.#pending) {
      fence.fail('ECANCELED');
      fence.put();
    }
    this.#pending.length = 0;
  }
}
