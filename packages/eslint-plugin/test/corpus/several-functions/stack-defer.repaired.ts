import { type DmaFence } from '@dma-fence/core';

export function x(g: DmaFence) {
  using stack = new DisposableStack();
  const f = g.get();
  stack.defer(() => {
    f.put();
  });
  f.setDeadline(1);
}
