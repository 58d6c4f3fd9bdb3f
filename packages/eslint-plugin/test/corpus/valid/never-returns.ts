// A function that never returns ends the path.
import type { DmaFence } from '@dma-fence/core';

declare function panic(message: string): never;

export function check(fence: DmaFence, isSane: boolean): void {
  const ref = fence.get();
  if (!isSane) panic('insane');
  ref.put();
}
