import { type DmaFence, FenceError, type SyncObject } from '@dma-fence/core';

export async function transferToBinary(src: SyncObject, point: number, dst: SyncObject): Promise<void> {
  let fence: DmaFence | undefined;
  try {
    fence = src.fence(point);
    if (fence === undefined) throw new FenceError('EINVAL', `no point ${point}`);
    dst.replace(fence);
  } finally {
    fence?.put();
  }
}
