import { type DmaFenceContext, type DmaFence } from '@dma-fence/core';

export async function x(c: DmaFenceContext, go: (f: DmaFence) => Promise<boolean>) {
  for (let i = 0; i < 3; i++) {
    const f = c.createFence();
    const ok = await go(f);
    f.put();
    if (ok) {
      return true;
    }
  }
  return false;
}
