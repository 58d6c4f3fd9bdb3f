import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function start(context: DmaFenceContext, hw: { kick(done: () => void): boolean }): DmaFence {
  const fence = context.createFence();
  const section = fence.beginSignalling();
  const ref = fence.get();
  const ok = hw.kick(() => {
    fence.signal();
    fence.put();
  });
  if (!ok) {
    fence.fail('EIO');
    section.end();
    fence.put();
  }
  return ref;
}
