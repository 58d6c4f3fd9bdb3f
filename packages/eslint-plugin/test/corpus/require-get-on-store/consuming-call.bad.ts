// A lent fence is given to a function that takes it over.
import type { DmaFence } from '@dma-fence/core';

/** @consumes fence */
declare function retire(fence: DmaFence): void;

export function drop(fence: DmaFence): void {
  // reports require-get-on-store
  retire(fence);
}
