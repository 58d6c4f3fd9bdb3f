// The stack runs the put at the end.
import type { DmaFence } from '@dma-fence/core';

export function log(fence: DmaFence): void {
  using stack = new DisposableStack();
  const ref = fence.get();
  stack.defer(() => {
    ref.put();
  });
  console.log(ref.name);
}
