import { type DmaFence, FenceError, waitAny } from '@dma-fence/core';

/** The first that signals, or undefined when it takes too long. */
export async function first(fences: readonly DmaFence[], signal: AbortSignal): Promise<DmaFence | undefined> {
  if (fences.length === 0) return undefined;
  const held = fences.map((fence) => fence.get());
  let winner: DmaFence | undefined;
  try {
    const index = await waitAny(held, { signal, timeoutMs: 250 });
    winner = held[index]?.get();
  } catch (error) {
    if (!(error instanceof FenceError) || error.code !== 'ETIME') throw error;
  } finally {
    for (const fence of held) fence.put();
  }
  return winner;
}
