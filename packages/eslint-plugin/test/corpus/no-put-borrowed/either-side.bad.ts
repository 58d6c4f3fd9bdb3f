// What may be either side of a fence, by a union or a type parameter, is a fence.
import type { DmaFence, DriverFence } from '@dma-fence/core';

export async function drop(fence: DmaFence<number> | DriverFence<string> | undefined): Promise<void> {
  await fence?.wait();
  // reports no-put-borrowed
  fence?.put();
}

export async function each<F extends DmaFence>(fences: readonly (F | DriverFence)[]): Promise<void> {
  for (const fence of fences) {
    // reports no-fence-leak
    const ref = fence.get();
    await ref.wait();
  }
}
