import type { DmaFence } from '@dma-fence/core';
export async function walk(fences: readonly DmaFence[]): Promise<void> {
  let head = fences[0]!.get();
  for (let i = 1; i < fences.length; i++) {
    const taken = fences[i]!.get();
    head.put();
    head = taken;
  }
  await head.wait();
  head.put();
}
