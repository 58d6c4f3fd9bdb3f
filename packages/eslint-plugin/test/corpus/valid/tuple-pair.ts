import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export function channel(ctx: DmaFenceContext): [DriverFence, DmaFence] {
  const tx = ctx.createFence();
  return [tx, tx.get()];
}
export function once(ctx: DmaFenceContext): void {
  const [tx, rx] = channel(ctx);
  rx.addCallback(() => undefined) || console.log('done');
  tx.signal();
  tx.put();
  rx.put();
}
