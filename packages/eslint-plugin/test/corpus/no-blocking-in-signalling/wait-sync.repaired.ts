// A thread waits for another timeline before it signals.
import { beginSignalling, type DriverFence } from '@dma-fence/core';
import type { SharedTimeline } from '@dma-fence/core/shared';

export function finish(fence: DriverFence, timeline: SharedTimeline): void {
  timeline.waitSync(4);
  const section = fence.beginSignalling();
  fence.signal();
  section.end();
}
