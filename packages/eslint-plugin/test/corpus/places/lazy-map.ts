import { type DmaFenceContext, type DmaFence } from '@dma-fence/core';

const cache = new Map<string, DmaFence>();
export function fenceFor(k: string, ctx: DmaFenceContext): DmaFence {
  let f = cache.get(k);
  if (f === undefined) {
    f = ctx.createFence();
    cache.set(k, f);
  }
  return f.get();
}
export function drop(k: string): void {
  const f = cache.get(k);
  if (f === undefined) return;
  cache.delete(k);
  f.put();
}
