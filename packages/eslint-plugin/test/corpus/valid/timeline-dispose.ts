import { FenceTimeline, type DmaFence } from '@dma-fence/core';
export async function demo(): Promise<number> {
  using tl = new FenceTimeline({ driverName: 'd', timelineName: 't' });
  const fences: DmaFence[] = Array.from({ length: 3 }, () => tl.createFence());
  tl.advanceTo(3);
  await Promise.all(
    fences.map(async (f) => {
      await f.wait();
      f.put();
    }),
  );
  return tl.value;
}
