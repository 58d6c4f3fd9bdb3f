import type { DmaFence } from '@dma-fence/core';
export function a(list: readonly DmaFence[]): DmaFence[] {
  const all: DmaFence[] = [];
  for (const f of list) all.push(f.get());
  const pending: DmaFence[] = [];
  for (const f of all) {
    if (f.signaled) f.put();
    else pending.push(f);
  }
  return pending;
}
