import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
declare function upload(): Promise<void>;
export async function start(ctx: DmaFenceContext, publish: (f: DmaFence) => void): Promise<void> {
  const f = ctx.createFence();
  publish(f);
  f.beginSignalling();
  try {
    await upload();
    f.signal();
  } catch (e) {
    f.fail(e as Error);
    throw e;
  } finally {
    f.put();
  }
}
