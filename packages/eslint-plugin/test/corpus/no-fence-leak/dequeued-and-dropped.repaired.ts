// A fence is taken off the queue, signaled, and not put: the queue's reference came along with it.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

export class Ring {
  readonly #pending: DriverFence[] = [];
  advance(): boolean {
    const fence = this.#pending.shift();
    if (fence === undefined) return false;
    fence.signal();
    fence.put();
    return true;
  }
  add(context: DmaFenceContext): void {
    this.#pending.push(context.createFence());
  }
}
