import { type DmaFenceContext, type DmaFence } from '@dma-fence/core';

export async function x(c: DmaFenceContext, go: (f: DmaFence) => Promise<boolean>) {
  for (let i = 0; i < 3; i++) {
    // reports no-fence-leak
    const f = c.createFence();
    const ok = await go(f);
    if (ok) {
      f.put();
      return true;
    }
  }
  return false;
}
