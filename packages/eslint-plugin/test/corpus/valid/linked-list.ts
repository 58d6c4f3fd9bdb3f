import type { DmaFence } from '@dma-fence/core';
interface Node {
  fence: DmaFence;
  next: Node | null;
}
export class List {
  #head: Node | null = null;
  add(f: DmaFence): void {
    this.#head = { fence: f.get(), next: this.#head };
  }
  clear(): void {
    let n = this.#head;
    this.#head = null;
    while (n) {
      const next: Node | null = n.next;
      n.fence.put();
      n = next;
    }
  }
}
