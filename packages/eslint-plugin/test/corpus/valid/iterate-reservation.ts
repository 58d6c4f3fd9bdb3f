import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';
export function snapshot(resv: DmaReservation): DmaFence[] {
  const out: DmaFence[] = [];
  for (const f of resv.fences(FenceUsage.READ)) {
    if (f.signaled) continue;
    out.push(f.get());
  }
  return out;
}
export function deadline(resv: DmaReservation, at: number): void {
  for (const f of resv.fences(FenceUsage.BOOKKEEP)) f.setDeadline(at);
}
