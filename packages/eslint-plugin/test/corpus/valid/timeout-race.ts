import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Hardware {
  start(fence: DriverFence): void;
  reset(): void;
}

/** Whoever comes first decides; the watchdog's reference goes with its timer. */
export function launch(context: DmaFenceContext, hardware: Hardware, limitMs: number): DmaFence {
  const fence = context.createFence();
  const watched = fence.get();
  const timer = setTimeout(() => {
    if (watched.fail('ETIME')) hardware.reset();
    watched.put();
  }, limitMs);
  const stop = (): void => {
    clearTimeout(timer);
  };
  if (!fence.addCallback(stop)) stop();
  hardware.start(fence);
  return fence;
}
