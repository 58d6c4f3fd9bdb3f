// The same comparison, written the other way round.
import type { DmaFence } from '@dma-fence/core';

export function take(fence: DmaFence, count: number): void {
  let ref: DmaFence | undefined;
  if (count > 4) ref = fence.get();
  console.log(count);
  if (!(4 < count)) return;
  ref?.put();
}
