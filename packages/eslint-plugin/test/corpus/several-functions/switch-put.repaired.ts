import { type DmaFence } from '@dma-fence/core';

export function x(g: DmaFence, k: 'a' | 'b' | 'c') {
  const f = g.get();
  switch (k) {
    case 'a':
      f.put();
      break;
    case 'b':
      console.log(1);
      f.put();
      break;
    default:
      f.put();
  }
}
