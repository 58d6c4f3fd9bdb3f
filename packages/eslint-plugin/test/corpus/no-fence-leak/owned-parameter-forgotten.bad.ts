// The parameter's type says that it is handed over; the disabled path forgets it.
import type { DmaFence, Owned } from '@dma-fence/core';

// reports no-fence-leak
export async function retire(fence: Owned<DmaFence>, isEnabled: boolean): Promise<void> {
  if (!isEnabled) return;
  await fence.wait();
  fence.put();
}
