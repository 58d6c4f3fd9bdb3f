import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function kick(ctx: DmaFenceContext, out: SyncObject, ring: { write(n: number): boolean }): boolean {
  const fence = ctx.createFence();
  out.replace(fence);
  if (!ring.write(fence.seqno)) {
    fence.fail('EIO');
    fence.put();
    return false;
  }
  fence.signal();
  fence.put();
  return true;
}
