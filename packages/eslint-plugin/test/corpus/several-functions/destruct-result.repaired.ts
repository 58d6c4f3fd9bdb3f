import { type DmaFenceContext } from '@dma-fence/core';

function open(c: DmaFenceContext) {
  return { fence: c.createFence(), at: 1 };
}
export function x(c: DmaFenceContext) {
  const { fence, at } = open(c);
  console.log(at);
  fence.put();
}
