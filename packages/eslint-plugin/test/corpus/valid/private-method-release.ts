import type { DmaFence } from '@dma-fence/core';
export class Cursor {
  #cur: DmaFence | undefined;
  #next: DmaFence | undefined;
  move(f: DmaFence): void {
    this.#drop();
    this.#cur = this.#next;
    this.#next = f.get();
  }
  #drop(): void {
    this.#cur?.put();
    this.#cur = undefined;
  }
  [Symbol.dispose](): void {
    this.#drop();
    this.#next?.put();
    this.#next = undefined;
  }
}
