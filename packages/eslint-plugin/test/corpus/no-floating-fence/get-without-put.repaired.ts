import type { DmaFence } from '@dma-fence/core';
export function latch(f: DmaFence): number {
  f.get();
  f.enableSignaling();
  f.put();
  return f.seqno;
}
