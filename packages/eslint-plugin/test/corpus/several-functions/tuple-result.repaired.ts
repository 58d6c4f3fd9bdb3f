import { type DmaFenceContext } from '@dma-fence/core';

function open(c: DmaFenceContext) {
  return [c.createFence(), 1] as const;
}
export function x(c: DmaFenceContext) {
  const [fence, at] = open(c);
  console.log(at);
  fence.put();
}
