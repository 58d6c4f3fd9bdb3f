import { type DmaFence, type DmaFenceContext, fenceArray, waitAll } from '@dma-fence/core';

type Stage = (input: ArrayBuffer) => Promise<ArrayBuffer>;

export async function runStages(
  context: DmaFenceContext,
  stages: readonly Stage[],
  input: ArrayBuffer,
): Promise<ArrayBuffer> {
  const done: DmaFence[] = [];
  let data = input;
  try {
    for (const stage of stages) {
      const fence = context.createFence();
      done.push(fence);
      await fence.signalAfter(async () => {
        data = await stage(data);
      });
    }
    await waitAll(done);
    using all = fenceArray(done);
    await all.wait();
  } finally {
    for (const fence of done) fence.put();
  }
  return data;
}
