// The throw leaves waiters behind.
import type { DmaFenceContext, SyncObject } from '@dma-fence/core';

export function submit(context: DmaFenceContext, sync: SyncObject, size: number): void {
  using fence = context.createFence();
  sync.replace(fence);
  if (size > 4096) {
    fence.fail('EINVAL');
    throw new RangeError('too large');
  }
  fence.signal();
}
