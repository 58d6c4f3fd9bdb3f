import { type DmaFenceContext } from '@dma-fence/core';

async function make(c: DmaFenceContext) {
  await Promise.resolve();
  return c.createFence();
}
export async function x(c: DmaFenceContext) {
  // reports no-fence-leak
  const f = await make(c);
  f.signal();
}
