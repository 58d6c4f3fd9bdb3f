// The function says that it takes over, and only looks.
import type { DmaFence } from '@dma-fence/core';

const names: string[] = [];

// reports valid-ownership-tags
/** @consumes fence */
// reports no-fence-leak
export function record(fence: DmaFence): void {
  names.push(fence.name);
}
