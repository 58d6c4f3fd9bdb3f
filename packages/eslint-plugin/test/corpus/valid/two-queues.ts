import type { DmaFence } from '@dma-fence/core';
export class TwoLists {
  #waiting: DmaFence[] = [];
  #ready: DmaFence[] = [];
  add(f: DmaFence): void {
    (f.signaled ? this.#ready : this.#waiting).push(f.get());
  }
  promote(): void {
    const still: DmaFence[] = [];
    for (const f of this.#waiting) (f.signaled ? this.#ready : still).push(f);
    this.#waiting = still;
  }
  next(): DmaFence | undefined {
    return this.#ready.shift();
  }
  clear(): void {
    for (const f of [...this.#waiting, ...this.#ready]) f.put();
    this.#waiting = [];
    this.#ready = [];
  }
}
