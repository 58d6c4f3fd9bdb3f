import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function publish(context: DmaFenceContext, ring: { push(f: DmaFence): boolean }): boolean {
  const fence = context.createFence();
  fence.beginSignalling();
  if (!ring.push(fence)) {
    fence.fail('EAGAIN');
    fence.put();
    return false;
  }
  fence.signal();
  fence.put();
  return true;
}
