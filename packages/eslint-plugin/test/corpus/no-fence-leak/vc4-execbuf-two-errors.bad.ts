import type { DmaFence, DmaFenceContext, SyncObject } from '@dma-fence/core';
export function submit(ctx: DmaFenceContext, input: SyncObject, validate: () => boolean): DmaFence {
  // reports no-fence-leak
  const dep = input.fence();
  if (!validate()) throw new Error('bad stream');
  const fence = ctx.createFence(dep?.seqno);
  dep?.put();
  return fence;
}
