import type { DmaFence, FenceTimeline } from '@dma-fence/core';
declare function commit(): Promise<boolean>;
export async function execbuf(tl: FenceTimeline, userWants: boolean): Promise<DmaFence | undefined> {
  const fence = tl.createFence();
  const sync = await commit();
  if (sync) await fence.wait();
  if (userWants) return fence;
  fence.put();
  return undefined;
}
