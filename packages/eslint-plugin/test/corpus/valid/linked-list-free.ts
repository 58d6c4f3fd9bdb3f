import type { DmaFence } from '@dma-fence/core';
interface Node {
  fence: DmaFence;
  next: Node | null;
}
export class List {
  #head: Node | null = null;
  push(f: DmaFence): void {
    this.#head = { fence: f.get(), next: this.#head };
  }
  prune(): void {
    let prev: Node | null = null;
    for (let n = this.#head; n !== null; n = n.next) {
      if (!n.fence.signaled) {
        prev = n;
        continue;
      }
      if (prev === null) this.#head = n.next;
      else prev.next = n.next;
      n.fence.put();
    }
  }
  clear(): void {
    while (this.#head) {
      const node = this.#head;
      this.#head = node.next;
      node.fence.put();
    }
  }
}
