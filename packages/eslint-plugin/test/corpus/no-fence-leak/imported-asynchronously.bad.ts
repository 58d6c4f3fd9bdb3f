// A fence that arrives by a promise is owned as well.
import type { DmaFence } from '@dma-fence/core';

declare function importFence(fd: number): Promise<DmaFence>;

export async function use(fd: number, isDry: boolean): Promise<number> {
  // reports no-fence-leak
  const fence = await importFence(fd);
  if (isDry) return 0;
  const { seqno } = fence;
  fence.put();
  return seqno;
}
