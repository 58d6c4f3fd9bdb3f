// The work puts before it calls what may throw, and the catch puts as well.
import type { DmaFenceContext } from '@dma-fence/core';

declare function notify(): void;

export function finish(context: DmaFenceContext): void {
  const fence = context.createFence();
  try {
    fence.signal();
    notify();
    fence.put();
  } catch {
    fence.put();
  }
}
