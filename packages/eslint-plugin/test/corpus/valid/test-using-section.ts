import { it, expect } from 'vitest';
import { DmaFenceContext, beginSignalling, type DmaReservation } from '@dma-fence/core';
declare const resv: DmaReservation;
it('x', async () => {
  const context = new DmaFenceContext({ driverName: 't', timelineName: 't' });
  using fence = context.createFence();
  using ref = fence.get();
  {
    using section = beginSignalling();
    fence.signal();
    expect(section.active).toBe(true);
  }
  using lock = await resv.lock();
  expect(lock).toBeDefined();
  await ref.wait();
});
