import { type DmaFence } from '@dma-fence/core';

// What is given is the very fence that was stored: putting it puts what was stored.
export class A {
  #dep: DmaFence | undefined;
  readonly #live = new Set<DmaFence>();
  readonly #list: DmaFence[] = [];
  set(fence: DmaFence): void {
    this.#dep?.put();
    this.#dep = fence.get();
    this.#live.add(fence.get());
    this.#list.push(fence.get());
  }
  over(fence: DmaFence): void {
    if (this.#dep === fence) {
      this.#dep = undefined;
      fence.put();
    }
  }
  over2(fence: DmaFence): void {
    if (fence !== this.#dep) return;
    this.#dep = undefined;
    fence.put();
  }
  gone(fence: DmaFence): void {
    if (this.#live.delete(fence)) fence.put();
  }
  gone2(fence: DmaFence): void {
    if (!this.#live.has(fence)) return;
    this.#live.delete(fence);
    fence.put();
  }
  gone3(fence: DmaFence): void {
    const index = this.#list.indexOf(fence);
    if (index < 0) return;
    this.#list.splice(index, 1);
    fence.put();
  }
  gone4(fence: DmaFence): void {
    const index = this.#list.findIndex((one) => one === fence);
    if (index < 0) return;
    this.#list.splice(index, 1);
    fence.put();
  }
  [Symbol.dispose](): void {
    this.#dep?.put();
    for (const fence of this.#live) fence.put();
    for (const fence of this.#list) fence.put();
  }
}
export class B {
  #dep: DmaFence | undefined;
  hang(fence: DmaFence): void {
    this.#dep = fence.get();
    const hung = fence.addCallback((signaled) => {
      if (this.#dep === signaled) {
        this.#dep = undefined;
        signaled.put();
      }
    });
    if (!hung) {
      this.#dep.put();
      this.#dep = undefined;
    }
  }
}
