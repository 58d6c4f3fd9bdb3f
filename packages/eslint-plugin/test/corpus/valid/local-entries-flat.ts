import type { DmaFence } from '@dma-fence/core';
export async function a(list: readonly DmaFence[]): Promise<void> {
  const refs: DmaFence[] = [];
  for (const f of list) refs.push(f.get());
  for (const [i, r] of refs.entries()) {
    await r.wait({ timeoutMs: i });
    r.put();
  }
}
