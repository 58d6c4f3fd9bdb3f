import type { DmaFence } from '@dma-fence/core';

declare const table: {
  /** @consumes fence - only when the call returns true */
  insert(key: string, fence: DmaFence): boolean;
};

export function remember(key: string, fence: DmaFence): void {
  // reports no-fence-leak
  const ref = fence.get();
  table.insert(key, ref);
}
