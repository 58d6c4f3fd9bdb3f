// The promises of the waits are dropped by forEach.
import type { DmaFence } from '@dma-fence/core';

export async function drain(fences: readonly DmaFence[]): Promise<void> {
  // reports no-misused-wait
  fences.forEach((fence) => fence.wait());
}
