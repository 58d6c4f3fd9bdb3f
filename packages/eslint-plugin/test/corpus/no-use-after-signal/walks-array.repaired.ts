// The listener of one fence may replace the whole list under the loop's feet.
import type { DriverFence } from '@dma-fence/core';

export class Mock {
  slots: DriverFence[] = [];

  finish(index: number): boolean {
    const fence = this.slots[index];
    if (fence === undefined) return false;
    const isLast = fence.refCount === 1;
    fence.fail('ECANCELED');
    return isLast;
  }
}
