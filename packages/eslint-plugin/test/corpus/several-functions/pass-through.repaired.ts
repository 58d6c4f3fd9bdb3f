import { type DmaFence } from '@dma-fence/core';

function same(f: DmaFence) {
  console.log(f.seqno);
  return f;
}
export function x(g: DmaFence) {
  const f = same(g.get());
  f.put();
}
