import { it } from 'vitest';
import { fenceArray, type DmaFence } from '@dma-fence/core';
it.each([1])('x', (n) => {
  const members: DmaFence[] = [];
  using array = fenceArray(members);
  console.log(array.signaled, n);
});
