// The listener of one fence may replace the whole list under the loop's feet.
import type { DriverFence } from '@dma-fence/core';

export class Mock {
  slots: DriverFence[] = [];

  finish(index: number): boolean {
    const fence = this.slots[index];
    if (fence === undefined) return false;
    fence.fail('ECANCELED');
    // reports no-use-after-signal
    const isLast = !fence.poll();
    return isLast;
  }
}
