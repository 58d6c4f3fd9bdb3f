import { expect, it } from 'vitest';
import { DmaFenceContext } from '@dma-fence/core';
it('refuses what was put', () => {
  const fence = new DmaFenceContext({ driverName: 't', timelineName: 't' }).createFence();
  fence.signal();
  const { name } = fence;
  fence.put();
  expect(fence.name).toBe(name);
  expect(fence.refCount).toBe(0);
});
