import { type DmaFenceContext } from '@dma-fence/core';

export async function x(c: DmaFenceContext) {
  const a = c.createFence();
  // reports no-fence-leak
  const b = c.createFence();
  a.signal();
  b.signal();
  await Promise.all([a, b].map((f) => f.wait())).finally(() => {
    a.put();
  });
}
