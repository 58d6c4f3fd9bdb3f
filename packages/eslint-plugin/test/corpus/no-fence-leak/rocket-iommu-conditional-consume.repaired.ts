import type { DmaFence } from '@dma-fence/core';

declare const table: {
  /** @consumes fence - only when the call returns true */
  insert(key: string, fence: DmaFence): boolean;
};

export function remember(key: string, fence: DmaFence): void {
  const ref = fence.get();
  if (!table.insert(key, ref)) ref.put();
}
