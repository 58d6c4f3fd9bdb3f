import type { DmaFence } from '@dma-fence/core';
export async function waitAllOf(list: readonly DmaFence[]): Promise<void> {
  const refs: DmaFence[] = [];
  for (const f of list) refs.push(f.get());
  for (const r of refs) {
    await r.wait();
    r.put();
  }
  // reports no-double-put
  for (const r of refs) r.put();
}
