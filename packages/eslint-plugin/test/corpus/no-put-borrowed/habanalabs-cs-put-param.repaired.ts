import type { DmaFence } from '@dma-fence/core';

export async function waitForCs(fence: DmaFence, us: number): Promise<boolean> {
  try {
    await fence.wait({ timeoutMs: us / 1000 });
    return true;
  } catch {
    return false;
  }
}
