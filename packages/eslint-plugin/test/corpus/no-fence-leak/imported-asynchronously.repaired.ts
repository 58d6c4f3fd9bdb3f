// A fence that arrives by a promise is owned as well.
import type { DmaFence } from '@dma-fence/core';

declare function importFence(fd: number): Promise<DmaFence>;

export async function use(fd: number, isDry: boolean): Promise<number> {
  const fence = await importFence(fd);
  if (isDry) {
    fence.put();
    return 0;
  }
  const { seqno } = fence;
  fence.put();
  return seqno;
}
