import type { DmaFence } from '@dma-fence/core';
export async function waitMaybe(fence: DmaFence, keep: boolean, work: () => Promise<void>): Promise<void> {
  let owned = false;
  if (!fence.signaled || keep) {
    fence.get();
    owned = true;
  }
  try {
    await work();
  } finally {
    if (owned) fence.put();
  }
}
