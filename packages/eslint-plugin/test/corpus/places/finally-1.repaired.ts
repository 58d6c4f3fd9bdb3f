import { type DmaFenceContext } from '@dma-fence/core';

export async function x(c: DmaFenceContext) {
  const a = c.createFence();
  const b = c.createFence();
  a.signal();
  b.signal();
  await Promise.all([a, b].map((f) => f.wait())).finally(() => {
    a.put();
    b.put();
  });
}
