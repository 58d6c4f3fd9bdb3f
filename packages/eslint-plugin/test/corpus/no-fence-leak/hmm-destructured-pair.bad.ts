import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export function pair(ctx: DmaFenceContext): { tx: DriverFence; rx: DmaFence } | null {
  // reports no-fence-leak
  const [tx, rx] = [ctx.createFence(), ctx.createFence()];
  if (tx.seqno + 1 !== rx.seqno) {
    tx.put();
    return null;
  }
  return { tx, rx };
}
