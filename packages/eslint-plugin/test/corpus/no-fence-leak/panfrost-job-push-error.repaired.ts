import { type DmaFence, type DmaFenceContext, type SyncObject } from '@dma-fence/core';
export async function push(
  ctx: DmaFenceContext,
  deps: SyncObject[],
  out: SyncObject,
  run: (d: DmaFence[]) => Promise<void>,
): Promise<void> {
  const waits: DmaFence[] = [];
  try {
    for (const slot of deps) {
      const f = slot.fence();
      if (!f) throw new Error('no fence');
      waits.push(f);
    }
    const done = ctx.createFence();
    out.replace(done);
    try {
      await run(waits);
      done.signal();
    } catch (e) {
      done.fail('EIO');
      throw e;
    } finally {
      done.put();
    }
  } finally {
    for (const w of waits) w.put();
  }
}
