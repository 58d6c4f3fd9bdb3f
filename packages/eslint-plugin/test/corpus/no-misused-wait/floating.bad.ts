// Nothing waits, and a failure becomes an unhandled rejection.
import { type DmaFence, waitAll } from '@dma-fence/core';

export async function drain(fences: readonly DmaFence[]): Promise<void> {
  // reports no-misused-wait
  waitAll(fences);
}
