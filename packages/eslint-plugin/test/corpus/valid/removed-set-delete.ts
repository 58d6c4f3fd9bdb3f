import type { DmaFence } from '@dma-fence/core';
export class S {
  readonly #set = new Set<DmaFence>();
  add(f: DmaFence): void {
    if (this.#set.has(f)) return;
    this.#set.add(f.get());
  }
  remove(f: DmaFence): boolean {
    if (!this.#set.delete(f)) return false;
    f.put();
    return true;
  }
  unlink(f: DmaFence): void {
    if (this.#set.delete(f)) f.put();
  }
}
