// A stack takes over and is moved out.
import type { DmaFence } from '@dma-fence/core';

export function collect(fences: readonly DmaFence[]): DisposableStack {
  using stack = new DisposableStack();
  for (const fence of fences) stack.use(fence.get());
  return stack.move();
}
