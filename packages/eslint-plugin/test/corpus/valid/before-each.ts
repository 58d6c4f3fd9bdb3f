import { afterEach, beforeEach, expect, it } from 'vitest';
import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
let fence: DriverFence;
beforeEach(() => {
  fence = new DmaFenceContext({ driverName: 't', timelineName: 't' }).createFence();
});
afterEach(() => {
  fence.signal();
  fence.put();
});
it('counts', () => {
  const ref = fence.get();
  expect(fence.refCount).toBe(2);
  ref.put();
  expect(fence.refCount).toBe(1);
});
