import { type DmaFence, type DmaFenceContext } from '@dma-fence/core';
export class Table {
  readonly #slots = new Map<number, DmaFence>();
  add(id: number, fence: DmaFence): void {
    this.#slots.set(id, fence.get());
  }
  create(id: number, context: DmaFenceContext): DmaFence {
    const fence = context.createFence();
    this.#slots.set(id, fence);
    return fence.get();
  }
  drop(id: number): void {
    this.#slots.get(id)?.put();
    this.#slots.delete(id);
  }
  look(id: number): boolean {
    const fence = this.#slots.get(id);
    if (fence?.signaled) {
      this.#slots.delete(id);
      fence.put();
      return false;
    }
    return fence !== undefined;
  }
  remove(id: number): void {
    const fence = this.#slots.get(id);
    this.#slots.delete(id);
    fence?.put();
  }
  prune(): void {
    for (const [id, fence] of this.#slots) {
      if (!fence.signaled) continue;
      this.#slots.delete(id);
      fence.put();
    }
  }
  close(): void {
    for (const fence of this.#slots.values()) fence.put();
    this.#slots.clear();
  }
}
