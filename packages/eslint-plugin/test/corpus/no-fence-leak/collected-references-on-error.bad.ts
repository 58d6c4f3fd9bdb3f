// Half of the dependencies are collected when a lookup fails, and what was collected is lost.
import type { DmaFence } from '@dma-fence/core';

declare function lookup(handle: number): DmaFence | undefined;

export function dependencies(handles: readonly number[]): DmaFence[] | undefined {
  const found: DmaFence[] = [];
  for (const handle of handles) {
    // reports no-fence-leak
    const fence = lookup(handle);
    if (fence === undefined) {
      return undefined;
    }
    found.push(fence);
  }
  return found;
}
