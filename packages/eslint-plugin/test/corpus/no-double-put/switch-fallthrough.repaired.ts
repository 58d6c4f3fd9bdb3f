// A case without break runs into the next one, which puts again.
import type { DmaFenceContext } from '@dma-fence/core';

export function close(context: DmaFenceContext, mode: 'fast' | 'slow'): void {
  const fence = context.createFence();
  fence.signal();
  switch (mode) {
    case 'fast':
      fence.put();
      break;
    case 'slow':
      fence.put();
      break;
  }
}
