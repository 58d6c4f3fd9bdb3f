// A thread waits for another timeline before it signals.
import { beginSignalling, type DriverFence } from '@dma-fence/core';
import type { SharedTimeline } from '@dma-fence/core/shared';

export function finish(fence: DriverFence, timeline: SharedTimeline): void {
  const section = fence.beginSignalling();
  // reports no-blocking-in-signalling
  timeline.waitSync(4);
  fence.signal();
  section.end();
}
