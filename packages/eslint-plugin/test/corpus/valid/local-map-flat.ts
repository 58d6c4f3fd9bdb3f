import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const byId = new Map<number, DmaFence>();
  for (const f of list) byId.set(f.seqno, f.get());
  for (const [id, f] of byId) {
    console.log(id);
    f.put();
  }
}
