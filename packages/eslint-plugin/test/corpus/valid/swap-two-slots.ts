import type { DmaFence } from '@dma-fence/core';
export class Flip {
  #front?: DmaFence;
  #back?: DmaFence;
  queue(f: DmaFence): void {
    this.#back?.put();
    this.#back = f.get();
  }
  flip(): void {
    [this.#front, this.#back] = [this.#back, this.#front];
    this.#back?.put();
    this.#back = undefined;
  }
  close(): void {
    this.#front?.put();
    this.#back?.put();
    this.#front = undefined;
    this.#back = undefined;
  }
}
