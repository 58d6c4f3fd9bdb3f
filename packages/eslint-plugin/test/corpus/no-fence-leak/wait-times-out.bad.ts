// The wait ioctl puts the fence after a successful wait only; a rejected wait takes the catch.
import type { DmaFence } from '@dma-fence/core';

declare function fenceOf(handle: number): DmaFence;

export async function waitIoctl(handle: number, timeoutMs: number): Promise<string> {
  // reports no-fence-leak
  const fence = fenceOf(handle);
  try {
    await fence.wait({ timeoutMs });
    fence.put();
    return 'done';
  } catch {
    return 'timeout';
  }
}
