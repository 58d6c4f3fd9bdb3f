import { type DmaFenceContext } from '@dma-fence/core';

export async function x(c: DmaFenceContext) {
  // reports no-fence-leak
  const a = c.createFence();
  a.signal();
  await a.wait().finally(() => {});
}
