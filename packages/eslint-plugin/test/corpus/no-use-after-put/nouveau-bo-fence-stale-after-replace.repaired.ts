import type { DmaFence } from '@dma-fence/core';
export class Tile {
  fence: DmaFence | undefined;
  put(fence: DmaFence | undefined): void {
    const prev = this.fence;
    this.fence = fence?.get();
    if (prev && !prev.signaled) prev.enableSignaling();
    prev?.put();
  }
}
