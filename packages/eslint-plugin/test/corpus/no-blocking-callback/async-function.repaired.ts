// The callback is async: its errors and its rest are nobody's.
import type { DmaFence } from '@dma-fence/core';

declare function flush(): Promise<void>;

export function arm(fence: DmaFence): boolean {
  return fence.addCallback(() => {
    queueMicrotask(() => void flush());
  });
}
