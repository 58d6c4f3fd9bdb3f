// The disposable stack puts it at the end.
import type { DmaFence } from '@dma-fence/core';

export function collect(fence: DmaFence): void {
  using stack = new DisposableStack();
  const ref = stack.use(fence.get());
  console.log(ref.seqno);
  // reports no-double-put
  ref.put();
}
