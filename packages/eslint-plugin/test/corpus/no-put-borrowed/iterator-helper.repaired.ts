import { type DmaFence, FenceUsage, type DmaReservation } from '@dma-fence/core';

/** A snapshot of who still reads or writes. */
export function snapshot(reservation: DmaReservation): DmaFence[] {
  return [...reservation.fences(FenceUsage.READ)].map((fence) => fence.get());
}

export async function waitIdle(reservation: DmaReservation, timeoutMs: number): Promise<boolean> {
  const fences = snapshot(reservation);
  const deadline = performance.now() + timeoutMs;
  let isIdle = true;
  for (const fence of fences) {
    const left = deadline - performance.now();
    if (isIdle && left > 0)
      isIdle = await fence.wait({ timeoutMs: left }).then(
        () => true,
        () => false,
      );
    fence.put();
  }
  return isIdle;
}

export function count(reservation: DmaReservation): number {
  let pending = 0;
  for (const fence of reservation.fences(FenceUsage.BOOKKEEP)) {
    if (!fence.signaled) pending += 1;
  }
  return pending;
}
