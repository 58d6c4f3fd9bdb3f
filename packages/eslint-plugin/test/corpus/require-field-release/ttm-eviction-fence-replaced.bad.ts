// ttm: eviction fences per memory manager, pipelined moves, and delayed destruction of buffers.
import { type DmaFence } from '@dma-fence/core';

export class ResourceManager {
  readonly name: string;
  #move: DmaFence | undefined;

  constructor(name: string) {
    this.name = name;
  }

  setMove(fence: DmaFence): void {
    if (this.#move && this.#move.context === fence.context && !fence.isLaterThan(this.#move)) return;
    // reports require-field-release
    this.#move = fence.get();
  }

  takeMove(): DmaFence | undefined {
    const fence = this.#move;
    if (!fence) return undefined;
    if (fence.poll()) {
      this.#move = undefined;
      fence.put();
      return undefined;
    }
    return fence.get();
  }

  async fini(): Promise<void> {
    const fence = this.#move;
    this.#move = undefined;
    if (!fence) return;
    try {
      await fence.wait();
    } finally {
      fence.put();
    }
  }
}
