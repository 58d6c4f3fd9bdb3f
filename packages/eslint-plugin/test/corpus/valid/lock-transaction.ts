import { FenceUsage, lockReservations, type DmaFence, type DmaReservation } from '@dma-fence/core';
export async function publish(
  list: readonly DmaReservation[],
  render: () => Promise<DmaFence | undefined>,
): Promise<boolean> {
  using locks = await lockReservations(list);
  using fence = await render();
  if (fence === undefined) return false;
  for (const resv of list) {
    const lock = locks.of(resv);
    lock.add(fence, resv.poll(FenceUsage.WRITE) ? FenceUsage.WRITE : FenceUsage.READ);
  }
  return true;
}
