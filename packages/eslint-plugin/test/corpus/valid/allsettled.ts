import type { DmaFence } from '@dma-fence/core';
export async function settle(fences: readonly DmaFence[]): Promise<number> {
  const refs = fences.map((f) => f.get());
  const results = await Promise.allSettled(refs.map((r) => r.wait()));
  refs.forEach((r) => r.put());
  return results.filter((r) => r.status === 'rejected').length;
}
