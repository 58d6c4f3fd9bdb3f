import type { DmaFence } from '@dma-fence/core';

export class Poller {
  active = 0;
  watch(fence: DmaFence): void {
    this.active++;
    const ref = fence.get();
    const wake = () => {
      this.active--;
      ref.put();
    };
    if (!ref.addCallback(wake)) wake();
  }
}
