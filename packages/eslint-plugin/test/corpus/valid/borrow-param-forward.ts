import { waitAny, type DmaFence, type Borrowed } from '@dma-fence/core';
export async function firstOf(fences: Borrowed<DmaFence>[]): Promise<Borrowed<DmaFence>> {
  const i = await waitAny(fences);
  return fences[i]!;
}
