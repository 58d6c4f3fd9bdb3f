import { type DmaFenceContext } from '@dma-fence/core';

async function make(c: DmaFenceContext) {
  await Promise.resolve();
  return c.createFence();
}
export async function x(c: DmaFenceContext) {
  const f = await make(c);
  f.signal();
  f.put();
}
