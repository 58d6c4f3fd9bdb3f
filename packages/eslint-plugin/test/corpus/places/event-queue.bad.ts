import { type DmaFence } from '@dma-fence/core';

export class Queue {
  readonly #pending: DmaFence[] = [];
  #busy = false;
  submit(f: DmaFence) {
    this.#pending.push(f.get());
    if (!this.#busy) void this.#pump();
  }
  async #pump() {
    this.#busy = true;
    try {
      for (;;) {
        // reports no-fence-leak
        const f = this.#pending.shift();
        if (f === undefined) break;
        try {
          await f.wait();
        } catch {
          console.log('failed');
        }
      }
    } finally {
      this.#busy = false;
    }
  }
  close() {
    for (const f of this.#pending) f.put();
    this.#pending.length = 0;
  }
}
