import { type DmaFence } from '@dma-fence/core';

export function x(g: DmaFence, k: 'a' | 'b' | 'c') {
  // reports no-fence-leak
  const f = g.get();
  switch (k) {
    case 'a':
      f.put();
      break;
    case 'b':
      console.log(1);
      break;
    default:
      f.put();
  }
}
