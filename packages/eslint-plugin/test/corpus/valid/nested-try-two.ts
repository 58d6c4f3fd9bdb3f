import type { DmaFence, DmaFenceContext, SyncObject } from '@dma-fence/core';
export async function pass(
  ctx: DmaFenceContext,
  input: SyncObject,
  output: SyncObject,
  work: () => Promise<void>,
): Promise<DmaFence | null> {
  const before = input.fence();
  try {
    if (before) {
      try {
        await before.wait({ timeoutMs: 100 });
      } catch {
        return null;
      }
    }
    const fence = ctx.createFence();
    try {
      output.replace(fence);
      await fence.signalAfter(work);
    } catch {
      fence.put();
      return null;
    }
    return fence;
  } finally {
    before?.put();
  }
}
