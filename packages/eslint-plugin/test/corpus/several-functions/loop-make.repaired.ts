import { type DmaFenceContext } from '@dma-fence/core';

function make(c: DmaFenceContext) {
  return c.createFence();
}
export function x(c: DmaFenceContext, n: number) {
  let f = make(c);
  for (let i = 0; i < n; i++) {
    f.put();
    f = make(c);
  }
  f.put();
}
