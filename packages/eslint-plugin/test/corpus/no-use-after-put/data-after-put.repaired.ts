// The payload is disposed of with the fence.
import type { DmaFenceContext } from '@dma-fence/core';

export function result(context: DmaFenceContext): number {
  const fence = context.createFence({ rows: 4 });
  fence.signal();
  const { rows } = fence.data;
  fence.put();
  return rows;
}
