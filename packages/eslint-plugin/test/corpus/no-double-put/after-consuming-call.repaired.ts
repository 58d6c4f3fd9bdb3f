// The callee takes the reference over.
import type { DmaFence } from '@dma-fence/core';

/** @consumes fence */
declare function retire(fence: DmaFence): void;

export function finish(fence: DmaFence): void {
  const ref = fence.get();
  retire(ref);
}
