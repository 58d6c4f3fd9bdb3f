// The last round's fence is put by the next one.
import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

export function chain(context: DmaFenceContext, count: number): DmaFence | undefined {
  let previous: DriverFence | undefined;
  for (let index = 0; index < count; index += 1) {
    const fence = context.createFence();
    previous?.put();
    previous = fence;
  }
  return previous;
}
