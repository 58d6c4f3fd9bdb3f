import { FenceError, type DmaFenceContext, type DmaFence } from '@dma-fence/core';
export function build(ctx: DmaFenceContext, sizes: number[]): DmaFence {
  // reports no-fence-leak
  const f = ctx.createFence();
  let total = 0;
  for (const s of sizes) {
    if (s < 0) {
      throw new FenceError('EINVAL', `${s}`);
    }
    total += s;
  }
  f.setDeadline(total);
  return f;
}
