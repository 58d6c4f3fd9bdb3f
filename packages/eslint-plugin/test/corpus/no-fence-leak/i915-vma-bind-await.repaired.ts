import { FenceUsage, type DmaFence, type DmaReservation, type ReservationLock } from '@dma-fence/core';
export async function move(
  resv: DmaReservation,
  lock: ReservationLock,
  start: () => DmaFence,
): Promise<DmaFence> {
  const fence = start();
  if (resv.poll(FenceUsage.KERNEL)) {
    fence.put();
    return start();
  }
  lock.add(fence, FenceUsage.KERNEL);
  return fence;
}
