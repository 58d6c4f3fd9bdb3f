import { it } from 'vitest';
import { signaledFence } from '@dma-fence/core';
it('x', () => {
  using array = signaledFence();
  console.log(array.signaled);
});
