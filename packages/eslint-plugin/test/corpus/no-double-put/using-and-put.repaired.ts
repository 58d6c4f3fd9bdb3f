// The fence is declared with using and put by hand besides.
import type { DmaFenceContext } from '@dma-fence/core';

export function touch(context: DmaFenceContext): void {
  using fence = context.createFence();
  fence.signal();
}
