import { type DmaFence } from '@dma-fence/core';

function tryPut(f: DmaFence, ok: boolean): boolean {
  if (!ok) return false;
  f.put();
  return true;
}
export function x(g: DmaFence, ok: boolean) {
  // reports no-fence-leak
  const f = g.get();
  if (!tryPut(f, ok)) console.log('kept');
}
