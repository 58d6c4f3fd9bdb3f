import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
declare const q: { /** @consumes job */ push(job: DmaFence): void };
export function submit(ctx: DmaFenceContext): DmaFence {
  const f = ctx.createFence();
  q.push(f);
  // reports no-double-transfer
  return f;
}
