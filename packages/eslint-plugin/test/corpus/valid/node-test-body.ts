import { DmaFenceContext, FenceError } from '@dma-fence/core';
declare const test: (name: string, fn: (t: { after(fn: () => void): void }) => Promise<void> | void) => void;
declare const assert: {
  equal(a: unknown, b: unknown): void;
  rejects(p: Promise<unknown>, e: unknown): Promise<void>;
};
test('a failed fence rejects', async (t) => {
  const context = new DmaFenceContext({ driverName: 't', timelineName: 't' });
  const fence = context.createFence();
  t.after(() => fence.put());
  fence.fail('EIO');
  await assert.rejects(fence.wait(), FenceError);
  assert.equal(fence.status, 'failed');
});
