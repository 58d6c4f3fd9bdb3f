// A bare get before and after storing.
import type { DmaFence } from '@dma-fence/core';

const first: DmaFence[] = [];
const second: DmaFence[] = [];

export function keepBoth(fence: DmaFence): void {
  fence.get();
  first.push(fence);
  second.push(fence);
  fence.get();
}
