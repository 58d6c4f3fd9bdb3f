// Every case puts, and there is no other.
import type { DmaFenceContext } from '@dma-fence/core';

export function finish(context: DmaFenceContext, mode: 'a' | 'b' | 'c'): number {
  const fence = context.createFence();
  switch (mode) {
    case 'a':
      fence.signal();
      fence.put();
      return 1;
    case 'b':
    case 'c':
      fence.fail('EIO');
      fence.put();
      return 2;
  }
}
