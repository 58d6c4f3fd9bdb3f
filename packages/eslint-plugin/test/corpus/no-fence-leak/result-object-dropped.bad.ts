import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function submit(ctx: DmaFenceContext, ok: boolean): { fence: DmaFence } | null {
  // reports no-fence-leak
  const job = { fence: ctx.createFence(), id: 1 };
  if (!ok) {
    return null;
  }
  return job;
}
