import type { DmaFence } from '@dma-fence/core';

export class Poller {
  active = 0;
  watch(fence: DmaFence): void {
    this.active++;
    const ref = fence.get();
    // reports check-callback-result
    ref.addCallback(() => {
      this.active--;
      ref.put();
    });
  }
}
