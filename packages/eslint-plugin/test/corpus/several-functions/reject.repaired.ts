import { type DmaFence } from '@dma-fence/core';

export async function x(g: DmaFence) {
  const f = g.get();
  try {
    await f.wait();
  } finally {
    f.put();
  }
}
