import { expect, it } from 'vitest';
import { DmaFenceContext, fenceArray } from '@dma-fence/core';
it.each([1, 2, 8])('%i members', (n) => {
  const context = new DmaFenceContext({ driverName: 't', timelineName: 't' });
  const members = Array.from({ length: n }, () => context.createFence());
  const array = fenceArray(members);
  for (const m of members) {
    expect(array.signaled).toBe(false);
    m.signal();
    m.put();
  }
  expect(array.signaled).toBe(true);
  array.put();
});
