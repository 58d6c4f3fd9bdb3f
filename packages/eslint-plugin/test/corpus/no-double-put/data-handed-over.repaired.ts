// What is handed to createFence as data belongs to the fence.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

export function wrap(context: DmaFenceContext, inner: DmaFence): DmaFence {
  const ref = inner.get();
  const outer = context.createFence({ inner: ref });
  return outer;
}
