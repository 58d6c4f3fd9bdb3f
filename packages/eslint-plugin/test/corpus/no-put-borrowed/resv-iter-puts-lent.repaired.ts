import { FenceUsage, type DmaReservation } from '@dma-fence/core';
export function prune(r: DmaReservation): number {
  let n = 0;
  for (const f of r.fences(FenceUsage.BOOKKEEP)) {
    if (f.signaled) n++;
  }
  return n;
}
