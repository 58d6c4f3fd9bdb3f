// The parameter's type says that it is handed over; the disabled path forgets it.
import type { DmaFence, Owned } from '@dma-fence/core';

export async function retire(fence: Owned<DmaFence>, isEnabled: boolean): Promise<void> {
  try {
    if (isEnabled) await fence.wait();
  } finally {
    fence.put();
  }
}
