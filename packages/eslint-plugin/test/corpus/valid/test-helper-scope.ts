import { expect, test } from 'vitest';
import { DmaFenceContext, type Borrowed, type DriverFence } from '@dma-fence/core';
function scope(body: (make: () => Borrowed<DriverFence>) => void): void {
  const context = new DmaFenceContext({ driverName: 't', timelineName: 't' });
  const made: DriverFence[] = [];
  try {
    body(() => {
      const fence = context.createFence();
      made.push(fence);
      return fence;
    });
  } finally {
    for (const f of made) {
      f.signal();
      f.put();
    }
  }
}
test('order', () => {
  scope((make) => {
    const a = make();
    const b = make();
    expect(b.isLaterThan(a)).toBe(true);
  });
});
