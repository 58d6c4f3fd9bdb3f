import { type DmaFence } from '@dma-fence/core';

// Maps out of which is taken what is somebody else's business already.
export class Lent {
  readonly #slots = new Map<number, DmaFence>();
  add(id: number, fence: DmaFence): void {
    this.#slots.set(id, fence.get());
  }
  find(id: number): DmaFence | undefined {
    return this.#slots.get(id);
  }
  forget(id: number): void {
    this.#slots.delete(id);
  }
  close(): void {
    for (const fence of this.#slots.values()) fence.put();
    this.#slots.clear();
  }
}

export class Outer {
  readonly #slots = new Map<number, DmaFence>();

  add(id: number, fence: DmaFence): void {
    this.#slots.set(id, fence.get());
  }

  remove(id: number): void {
    const fence = this.#slots.get(id);
    this.#forget(id);
    fence?.put();
  }

  #forget(id: number): void {
    this.#slots.delete(id);
  }

  close(): void {
    for (const fence of this.#slots.values()) fence.put();
    this.#slots.clear();
  }
}
