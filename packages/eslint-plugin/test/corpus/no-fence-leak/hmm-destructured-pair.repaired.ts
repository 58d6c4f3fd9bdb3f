import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export function pair(ctx: DmaFenceContext): { tx: DriverFence; rx: DmaFence } | null {
  const [tx, rx] = [ctx.createFence(), ctx.createFence()];
  if (tx.seqno + 1 !== rx.seqno) {
    tx.put();
    rx.put();
    return null;
  }
  return { tx, rx };
}
