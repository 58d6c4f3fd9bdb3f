import { DmaFenceContext, type DriverFence, type FenceOps } from '@dma-fence/core';
export function makeContext(hw: { irq(on: boolean): void; passed(seqno: number): boolean }): DmaFenceContext {
  const armed = new Set<DriverFence>();
  const ops: FenceOps = {
    enableSignaling(fence) {
      if (hw.passed(fence.seqno)) return false;
      armed.add(fence.get() as DriverFence);
      hw.irq(true);
      return true;
    },
    isSignaled: (fence) => hw.passed(fence.seqno),
    release(fence) {
      armed.delete(fence);
    },
  };
  return new DmaFenceContext({ driverName: 'hw', timelineName: 'ring0', ops });
}
