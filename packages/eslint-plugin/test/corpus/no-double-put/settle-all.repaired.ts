import { type DmaFence, waitAll } from '@dma-fence/core';

declare function snapshot(): readonly DmaFence[];

export async function drain(timeoutMs: number): Promise<number> {
  const held = snapshot().map((fence) => fence.get());
  try {
    await waitAll(held, { timeoutMs });
    return held.length;
  } finally {
    for (const fence of held) fence.put();
  }
}
