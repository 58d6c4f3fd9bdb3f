import { type DmaFence } from '@dma-fence/core';

function drop(f: DmaFence) {
  f.put();
}
export function x(g: DmaFence) {
  const f = g.get();
  drop(f);
  // reports no-double-put
  f.put();
}
