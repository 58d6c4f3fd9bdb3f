// A fence for a value is only asked for its name.
import type { FenceTimeline } from '@dma-fence/core';

export function nameAt(timeline: FenceTimeline, value: number): string {
  // reports no-fence-leak
  const fence = timeline.fenceAt(value);
  return fence.name;
}
