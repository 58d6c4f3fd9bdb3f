import { type DmaFenceContext } from '@dma-fence/core';

function open(c: DmaFenceContext) {
  return { fence: c.createFence(), at: 1 };
}
export function x(c: DmaFenceContext) {
  // reports no-fence-leak
  const o = open(c);
  o.fence.signal();
  console.log(o.at);
}
