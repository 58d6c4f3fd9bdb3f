import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function kick(ctx: DmaFenceContext, out: SyncObject, ring: { write(n: number): boolean }): boolean {
  // reports require-signal
  const fence = ctx.createFence();
  out.replace(fence);
  if (!ring.write(fence.seqno)) {
    fence.put();
    return false;
  }
  fence.signal();
  fence.put();
  return true;
}
