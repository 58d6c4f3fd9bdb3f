// A fence for a value is only asked for its name.
import type { FenceTimeline } from '@dma-fence/core';

export function nameAt(timeline: FenceTimeline, value: number): string {
  const fence = timeline.fenceAt(value);
  const { name } = fence;
  fence.put();
  return name;
}
