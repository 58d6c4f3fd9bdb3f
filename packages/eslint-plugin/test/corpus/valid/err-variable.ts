import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
declare function install(f: DmaFence): Promise<number>;
export async function create(ctx: DmaFenceContext): Promise<number> {
  let err: unknown;
  let fd = -1;
  const f = ctx.createFence();
  try {
    fd = await install(f);
  } catch (e) {
    err = e;
  }
  if (err !== undefined) {
    f.fail(err instanceof Error ? err : 'EIO');
    f.put();
    throw err;
  }
  f.signal();
  f.put();
  return fd;
}
