import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';
let ready: DriverFence | undefined;
export function readyFence(): DmaFence {
  ready ??= new DmaFenceContext({ driverName: 'm', timelineName: 'm' }).createFence();
  return ready.get();
}
export function markReady(): void {
  const fence = ready;
  if (!fence) return;
  ready = undefined;
  fence.signal();
  fence.put();
}
