// The promises of the waits are dropped by forEach.
import type { DmaFence } from '@dma-fence/core';

export async function drain(fences: readonly DmaFence[]): Promise<void> {
  await Promise.all(fences.map((fence) => fence.wait()));
}
