// References collected for a wait are never given back afterwards.
import { type DmaFence, waitAll } from '@dma-fence/core';

export async function idle(fences: readonly DmaFence[]): Promise<void> {
  const held: DmaFence[] = [];
  // reports no-fence-leak
  for (const fence of fences) held.push(fence.get());
  await waitAll(held);
}
