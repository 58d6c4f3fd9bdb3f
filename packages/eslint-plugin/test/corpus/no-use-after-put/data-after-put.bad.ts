// The payload is disposed of with the fence.
import type { DmaFenceContext } from '@dma-fence/core';

export function result(context: DmaFenceContext): number {
  const fence = context.createFence({ rows: 4 });
  fence.signal();
  fence.put();
  // reports no-use-after-put
  return fence.data.rows;
}
