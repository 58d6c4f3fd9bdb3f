import type { DmaFence } from '@dma-fence/core';
declare class EventEmitter {
  once(name: string, listener: () => void): this;
}
export class Frame extends EventEmitter {
  #fence: DmaFence | null = null;
  attach(fence: DmaFence): void {
    this.#fence?.put();
    this.#fence = fence.get();
    const ref = fence.get();
    this.once('presented', () => {
      ref.put();
    });
  }
  destroy(): void {
    const f = this.#fence;
    this.#fence = null;
    if (f !== null) f.put();
  }
}
