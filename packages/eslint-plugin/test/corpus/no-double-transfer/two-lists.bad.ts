// Two lists, one reference.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

const running: DmaFence[] = [];
const watched: DmaFence[] = [];

export function start(context: DmaFenceContext): void {
  const fence = context.createFence();
  running.push(fence);
  // reports no-double-transfer
  watched.push(fence);
}
