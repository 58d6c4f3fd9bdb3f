import { beginSignalling, type DmaFenceContext, type DriverFence } from '@dma-fence/core';

export function advance(ctx: DmaFenceContext, cur: DriverFence): DriverFence {
  const next = ctx.createFence();
  const s = beginSignalling();
  cur.signal();
  s.end();
  return next;
}
