import { mergeFences, type DmaFence, type DmaReservation, FenceUsage } from '@dma-fence/core';
export async function moveToActive(resv: DmaReservation, fences: DmaFence[]): Promise<void> {
  const all = mergeFences(fences);
  using lock = await resv.lock();
  all.put();
  // reports no-use-after-put
  lock.add(all, FenceUsage.BOOKKEEP);
}
