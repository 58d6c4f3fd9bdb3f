import type { DmaFence } from '@dma-fence/core';
export class Shared {
  #count = 1;
  constructor(private readonly fence: DmaFence) {
    fence.get();
  }
  get(): this {
    this.#count++;
    return this;
  }
  put(): void {
    if (--this.#count === 0) this.fence.put();
  }
}
export function roundtrip(s: Shared): void {
  const r = s.get();
  r.put();
}
