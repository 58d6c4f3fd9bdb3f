import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function submit(ctx: DmaFenceContext, ok: boolean): { fence: DmaFence } | null {
  const job = { fence: ctx.createFence(), id: 1 };
  if (!ok) {
    job.fence.put();
    return null;
  }
  return job;
}
