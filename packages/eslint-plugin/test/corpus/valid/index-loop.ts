// The same by index.
import type { DmaFence } from '@dma-fence/core';

export function forEachHeld(fences: readonly DmaFence[]): void {
  const held = fences.map((fence) => fence.get());
  for (let index = 0; index < held.length; index += 1) {
    held[index]?.put();
  }
}
