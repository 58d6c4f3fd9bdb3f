import { type DmaFenceContext } from '@dma-fence/core';

function find(c: DmaFenceContext, ok: boolean) {
  return ok ? c.createFence() : undefined;
}
export function x(c: DmaFenceContext) {
  const f = find(c, true);
  if (f === undefined) return;
  f.put();
}
