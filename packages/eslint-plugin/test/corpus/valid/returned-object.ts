// The object that is returned owns what it holds.
import type { DmaFenceContext, DriverFence } from '@dma-fence/core';

export function pair(context: DmaFenceContext): { start: DriverFence; end: DriverFence } {
  const start = context.createFence();
  const end = context.createFence();
  return { start, end };
}
