// What was collected is put one after the other.
import type { DmaFence } from '@dma-fence/core';

export function forEachHeld(fences: readonly DmaFence[]): void {
  const held: DmaFence[] = [];
  for (const fence of fences) held.push(fence.get());
  for (let fence = held.pop(); fence !== undefined; fence = held.pop()) {
    console.log(fence.name);
    fence.put();
  }
}
