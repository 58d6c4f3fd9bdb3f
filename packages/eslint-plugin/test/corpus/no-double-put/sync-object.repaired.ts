import { SyncObject, type DmaFence, type DmaFenceContext } from '@dma-fence/core';

export async function handOver(context: DmaFenceContext, target: SyncObject, point: number): Promise<number> {
  const fence = context.createFence();
  target.addPoint(point, fence);
  queueMicrotask(() => {
    fence.signal();
    fence.put();
  });
  const held: DmaFence | undefined = target.fence(point);
  try {
    await held?.wait();
    return target.query();
  } finally {
    held?.put();
  }
}
