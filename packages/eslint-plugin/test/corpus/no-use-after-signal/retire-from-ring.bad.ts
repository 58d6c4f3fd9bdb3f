// A callback of the signal retires the request: the ring's own reference was the last one.
import type { DmaFence, DriverFence } from '@dma-fence/core';

interface Engine {
  readonly active: { readonly fence: DriverFence; readonly stamp: number };
}

export function breadcrumb(engine: Engine, before: DmaFence, report: (late: boolean) => void): void {
  const { fence, stamp } = engine.active;
  fence.signal(performance.now());
  // reports no-use-after-signal
  report(fence.isLaterThan(before) || stamp > 0);
}
