import { DmaFenceContext, type DmaFence, waitAll } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps what the GPU still uses alive. */
export class GarbageCollector {
  #busy: DmaFence[] = [];
  readonly #limit: number;
  collections = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  use(fence: DmaFence): void {
    this.#busy.push(fence.get());
    if (this.#busy.length > this.#limit) this.collect();
  }

  collect(): number {
    const before = this.#busy.length;
    // reports require-field-release
    this.#busy = this.#busy.filter((fence) => !fence.signaled);
    this.collections++;
    return before - this.#busy.length;
  }

  async shutdown(): Promise<void> {
    try {
      await waitAll(this.#busy, { timeoutMs: 100 });
    } catch (error) {
      console.log('some work failed:', error);
    }
    for (const fence of this.#busy) fence.put();
    this.#busy = [];
  }
}
