// One branch puts, the code after the branches uses.
import type { DmaFenceContext } from '@dma-fence/core';

export function advance(context: DmaFenceContext, isLast: boolean): void {
  const fence = context.createFence();
  if (isLast) {
    fence.signal();
    fence.put();
  }
  // reports no-use-after-put
  fence.emit();
  if (!isLast) fence.put();
}
