// The function says that it takes over, and only looks.
import type { DmaFence } from '@dma-fence/core';

const names: string[] = [];

/** @borrows fence */
export function record(fence: DmaFence): void {
  names.push(fence.name);
}
