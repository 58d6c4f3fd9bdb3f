import type { DmaFence } from '@dma-fence/core';
export function latch(f: DmaFence): number {
  // reports no-floating-fence
  f.get();
  f.enableSignaling();
  return f.seqno;
}
