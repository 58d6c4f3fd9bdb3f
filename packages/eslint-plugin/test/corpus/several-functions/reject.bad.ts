import { type DmaFence } from '@dma-fence/core';

export async function x(g: DmaFence) {
  // reports no-fence-leak
  const f = g.get();
  try {
    await f.wait();
    f.put();
  } catch (e) {
    console.log(e);
  }
}
