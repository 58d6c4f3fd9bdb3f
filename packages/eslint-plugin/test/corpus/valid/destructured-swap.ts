// Two names change places.
import type { DmaFenceContext } from '@dma-fence/core';

export function swap(context: DmaFenceContext): void {
  let a = context.createFence();
  let b = context.createFence();
  [a, b] = [b, a];
  a.put();
  b.put();
}
