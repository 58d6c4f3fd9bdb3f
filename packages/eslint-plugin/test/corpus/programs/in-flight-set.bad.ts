import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

export class Throttle {
  readonly #context = new DmaFenceContext({ driverName: 'throttle', timelineName: 'slots' });
  readonly #active = new Set<DmaFence>();
  readonly #limit: number;
  completed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  tryRun(work: () => Promise<void>): boolean {
    if (this.#active.size >= this.#limit) return false;
    const slot = this.#context.run(work);
    this.#active.add(slot);
    if (!slot.addCallback(this.#onDone)) this.#onDone(slot);
    return true;
  }

  readonly #onDone = (slot: DmaFence): void => {
    // reports require-field-release
    if (!this.#active.delete(slot)) return;
    this.completed++;
  };

  /** Forgets what is running; it goes on, but nobody asks any more. */
  reset(): void {
    const abandoned = [...this.#active];
    this.#active.clear();
    for (const slot of abandoned) slot.put();
  }

  get size(): number {
    return this.#active.size;
  }
}
