// References collected for a wait are never given back afterwards.
import { type DmaFence, waitAll } from '@dma-fence/core';

export async function idle(fences: readonly DmaFence[]): Promise<void> {
  const held: DmaFence[] = [];
  for (const fence of fences) held.push(fence.get());
  try {
    await waitAll(held);
  } finally {
    for (const fence of held) fence.put();
  }
}
