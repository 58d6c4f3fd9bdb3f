import type { DmaFenceContext, SyncObject } from '@dma-fence/core';

declare function ring(seqno: number): boolean;

export function signalIoctl(ctx: DmaFenceContext, objs: SyncObject[]): boolean {
  using fence = ctx.createFence();
  for (const o of objs) o.replace(fence);
  if (!ring(fence.seqno)) {
    fence.fail('EIO');
    return false;
  }
  fence.signal();
  return true;
}
