// References taken inside an array literal have nobody to put them.
import { type DmaFence, waitAll } from '@dma-fence/core';

export async function both(a: DmaFence, b: DmaFence): Promise<void> {
  // reports no-floating-fence no-floating-fence
  await waitAll([a.get(), b.get()]);
}
