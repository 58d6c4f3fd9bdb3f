// Two functions take over one reference.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

/** @consumes fence */
declare function retire(fence: DmaFence): void;
/** @consumes fence */
declare function archive(fence: DmaFence): void;

export function finish(context: DmaFenceContext): void {
  const fence = context.createFence();
  fence.signal();
  archive(fence);
  // reports no-double-transfer
  retire(fence);
}
