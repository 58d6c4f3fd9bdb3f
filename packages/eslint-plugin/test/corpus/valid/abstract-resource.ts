import type { DmaFence } from '@dma-fence/core';
export abstract class Resource<T extends DmaFence = DmaFence> {
  protected fence: T | null = null;
  protected abstract onIdle(): void;
  attach(fence: T): void {
    this.detach();
    this.fence = fence.get();
  }
  protected detach(): void {
    const { fence } = this;
    if (fence === null) return;
    this.fence = null;
    fence.put();
    this.onIdle();
  }
}
export class Buffer extends Resource {
  #idle = 0;
  protected override onIdle(): void {
    this.#idle++;
  }
  get idle(): number {
    return this.#idle;
  }
  destroy(): void {
    this.detach();
  }
}
