import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
declare function publish(f: DmaFence): boolean;
export function once(ctx: DmaFenceContext): boolean {
  const f = ctx.createFence();
  let ok = publish(f);
  if (!ok) {
    f.fail('EIO');
    f.put();
  } else {
    ok = f.signal();
  }
  // reports no-double-put
  f.put();
  return ok;
}
