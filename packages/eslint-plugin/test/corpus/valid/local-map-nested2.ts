import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const byId = new Map<number, { f: DmaFence; n: number }>();
  for (const f of list) byId.set(f.seqno, { f: f.get(), n: 1 });
  for (const { f } of byId.values()) f.put();
}
