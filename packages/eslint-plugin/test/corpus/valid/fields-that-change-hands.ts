import { type DmaFence, type DmaFenceContext, waitAny } from '@dma-fence/core';

// Fields that are emptied or written over where what they held is somebody else's business already.
export class Slot {
  #fence: DmaFence | undefined;

  /** Whoever takes it puts it. */
  take(): DmaFence | undefined {
    const fence = this.#fence;
    this.#fence = undefined;
    return fence;
  }

  replace(fence: DmaFence): void {
    if (this.#fence?.signaled === false) throw new Error('busy');
    this.#drop();
    this.#fence = fence.get();
  }

  only(context: DmaFenceContext): DmaFence {
    if (this.#fence !== undefined) return this.#fence.get();
    this.#fence = context.createFence();
    return this.#fence.get();
  }

  #drop(): void {
    this.#fence?.put();
    this.#fence = undefined;
  }

  clear(): void {
    if (!this.#fence) return;
    this.#fence.put();
    this.#fence = undefined;
  }

  async settle(other: DmaFence): Promise<void> {
    while (this.#fence !== undefined) {
      await waitAny([this.#fence, other]);
      this.#drop();
    }
    this.#fence = other.get();
  }

  hand(to: { fence: DmaFence | undefined }[]): void {
    to.push({ fence: this.#fence });
    this.#fence = undefined;
  }
}

export class Hung {
  #fence: DmaFence | undefined;

  hang(fence: DmaFence): boolean {
    this.#fence = fence.get();
    const hangs = fence.addCallback((signaled) => {
      if (this.#fence !== signaled) return;
      this.#fence = undefined;
      signaled.put();
    });
    if (hangs) return true;
    this.#fence.put();
    this.#fence = undefined;
    return false;
  }
}
