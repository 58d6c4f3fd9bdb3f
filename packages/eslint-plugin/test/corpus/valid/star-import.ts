import * as dma from '@dma-fence/core';
const ctx = new dma.DmaFenceContext({ driverName: 'a', timelineName: 'b' });
export async function run(work: () => void): Promise<void> {
  const fence = ctx.createFence();
  try {
    const section = dma.beginSignalling();
    try {
      work();
      fence.signal();
    } finally {
      section.end();
    }
    await dma.waitAll([fence]);
  } finally {
    fence.put();
  }
}
