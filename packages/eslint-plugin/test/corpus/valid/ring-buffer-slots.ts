import type { DmaFence } from '@dma-fence/core';
export class Ring {
  readonly #slots: (DmaFence | undefined)[];
  #head = 0;
  #tail = 0;
  constructor(readonly size: number) {
    this.#slots = Array.from({ length: size }, () => undefined);
  }
  push(fence: DmaFence): boolean {
    if (this.#head - this.#tail === this.size) return false;
    const i = this.#head++ % this.size;
    this.#slots[i]?.put();
    this.#slots[i] = fence.get();
    return true;
  }
  retire(): number {
    let n = 0;
    while (this.#tail !== this.#head) {
      const i = this.#tail % this.size;
      const f = this.#slots[i];
      if (f === undefined || !f.signaled) break;
      this.#slots[i] = undefined;
      f.put();
      this.#tail++;
      n++;
    }
    return n;
  }
}
