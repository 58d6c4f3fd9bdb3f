import { type DmaFenceContext } from '@dma-fence/core';

function make(c: DmaFenceContext) {
  return c.createFence();
}
export function x(c: DmaFenceContext) {
  const f = make(c);
  f.signal();
  f.put();
}
