import { describe, expect, it } from 'vitest';
import { DmaFenceContext, waitAny } from '@dma-fence/core';
describe('waitAny', () => {
  it('gives the index', async () => {
    const context = new DmaFenceContext({ driverName: 'test', timelineName: 't' });
    const a = context.createFence();
    const b = context.createFence();
    b.signal();
    expect(await waitAny([a, b])).toBe(1);
    a.signal();
    expect(a.put()).toBeUndefined();
    b.put();
  });
  it('rejects without fences', async () => {
    await expect(waitAny([])).rejects.toThrow('EINVAL');
  });
});
