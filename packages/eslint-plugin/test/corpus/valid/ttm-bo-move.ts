import { FenceUsage, type DmaFence, type DmaReservation, type ReservationLock } from '@dma-fence/core';
interface Manager {
  move: DmaFence | undefined;
}
export async function pipelineMove(
  resv: DmaReservation,
  man: Manager,
  copy: () => Promise<DmaFence>,
): Promise<void> {
  const fence = await copy();
  const lock: ReservationLock = await resv.lock();
  try {
    lock.add(fence, FenceUsage.KERNEL);
    if (man.move === undefined || fence.isLaterThan(man.move)) {
      man.move?.put();
      man.move = fence.get();
    }
  } finally {
    lock.unlock();
    fence.put();
  }
}
