import type { DmaFence } from '@dma-fence/core';
export async function walk(fences: readonly DmaFence[]): Promise<void> {
  // reports no-fence-leak
  let head = fences[0]!.get();
  for (let i = 1; i < fences.length; i++) {
    // reports no-fence-leak
    const taken = fences[i]!.get();
    head.put();
    head = taken;
  }
  await head.wait();
}
