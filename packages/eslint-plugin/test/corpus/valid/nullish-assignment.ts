// The lazily made fence belongs to the field.
import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

export class Lazy {
  #fence: DriverFence | undefined;
  fence(context: DmaFenceContext): DmaFence {
    this.#fence ??= context.createFence();
    return this.#fence.get();
  }
  [Symbol.dispose](): void {
    this.#fence?.put();
    this.#fence = undefined;
  }
}
