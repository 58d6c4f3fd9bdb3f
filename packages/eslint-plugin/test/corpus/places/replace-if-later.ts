import { type DmaFence } from '@dma-fence/core';

export class R {
  #last: DmaFence | undefined;
  note(f: DmaFence): boolean {
    if (this.#last !== undefined && !f.isLaterThan(this.#last)) return false;
    this.#last?.put();
    this.#last = f.get();
    return true;
  }
  reset(): void {
    this.#last?.put();
    this.#last = undefined;
  }
}
