import { it, expect } from 'vitest';
import { signaledFence } from '@dma-fence/core';
it('x', () => {
  using stack = new DisposableStack();
  const fence = stack.use(signaledFence());
  expect(fence.signaled).toBe(true);
  for (using f of [fence.get(), fence.get()]) expect(f.refCount).toBeGreaterThan(1);
});
