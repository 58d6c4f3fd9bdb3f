// The tag still has the old name of the parameter.
import type { DmaFence } from '@dma-fence/core';

// reports valid-ownership-tags
/** @consumes fence */
export function retire(done: DmaFence): void {
  // reports no-put-borrowed
  done.put();
}
