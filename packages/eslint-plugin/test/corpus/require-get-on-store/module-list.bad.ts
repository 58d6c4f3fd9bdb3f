// A list of the module keeps what was lent.
import type { DmaFence } from '@dma-fence/core';

const watched: DmaFence[] = [];

export function watch(fence: DmaFence): void {
  // reports require-get-on-store
  watched.push(fence);
}
