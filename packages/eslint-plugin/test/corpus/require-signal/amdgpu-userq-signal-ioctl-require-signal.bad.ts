import type { DmaFenceContext, SyncObject } from '@dma-fence/core';

declare function ring(seqno: number): boolean;

export function signalIoctl(ctx: DmaFenceContext, objs: SyncObject[]): boolean {
  // reports require-signal
  using fence = ctx.createFence();
  for (const o of objs) o.replace(fence);
  if (!ring(fence.seqno)) {
    return false;
  }
  fence.signal();
  return true;
}
