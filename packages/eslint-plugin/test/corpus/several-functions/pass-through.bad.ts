import { type DmaFence } from '@dma-fence/core';

function same(f: DmaFence) {
  console.log(f.seqno);
  return f;
}
export function x(g: DmaFence) {
  // reports no-fence-leak
  const f = same(g.get());
}
