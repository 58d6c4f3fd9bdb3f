import { type DmaFenceContext } from '@dma-fence/core';

function open(c: DmaFenceContext) {
  return [c.createFence(), 1] as const;
}
export function x(c: DmaFenceContext) {
  // reports no-fence-leak
  const [fence, at] = open(c);
  console.log(at);
  fence.signal();
}
