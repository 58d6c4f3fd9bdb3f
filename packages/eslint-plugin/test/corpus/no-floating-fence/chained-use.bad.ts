// The fence is used in the expression that makes it.
import type { FenceTimeline } from '@dma-fence/core';

export function nameOf(timeline: FenceTimeline): string {
  // reports no-floating-fence
  return timeline.createFence().name;
}
