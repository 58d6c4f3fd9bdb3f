import { type DmaFenceContext } from '@dma-fence/core';

function make(c: DmaFenceContext) {
  return c.createFence();
}
export function x(c: DmaFenceContext) {
  // reports no-fence-leak
  const f = make(c);
  f.signal();
}
