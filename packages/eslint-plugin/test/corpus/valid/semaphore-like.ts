import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
const ctx = new DmaFenceContext({ driverName: 'sem', timelineName: 'main' });
export function gate(): { open(): void; fence: DmaFence } {
  const producer = ctx.createFence();
  return {
    fence: producer.get(),
    open() {
      producer.signal();
      producer.put();
    },
  };
}
