import { type DmaFenceContext } from '@dma-fence/core';

export async function x(c: DmaFenceContext) {
  const a = c.createFence();
  a.signal();
  await a.wait().finally(() => {
    a.put();
  });
}
