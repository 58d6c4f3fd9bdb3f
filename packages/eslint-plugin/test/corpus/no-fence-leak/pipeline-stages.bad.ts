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
      // reports no-fence-leak
      const fence = context.createFence();
      await fence.signalAfter(async () => {
        data = await stage(data);
      });
      done.push(fence);
    }
    await waitAll(done);
    using all = fenceArray(done);
    await all.wait();
  } catch (error) {
    throw new Error('a stage failed', { cause: error });
  } finally {
    for (const fence of done) fence.put();
  }
  return data;
}
