import { SharedTimeline } from '@dma-fence/core/shared';

/**
 * Sends values through one timeline, each with a fence and a callback, some failing; needs `--expose-gc`.
 *
 * @param {number} values how many; 18 million are an hour at 5000 a second
 * @returns {Promise<number>} by how many bytes the heap has grown since the first tenth
 */
export async function heapGrowth(values) {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run node with --expose-gc');
  const heap = async () => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    gc();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const work = SharedTimeline.create({ driverName: 'stress', timelineName: 'memory' });
  let called = 0;
  let before = 0;
  for (let i = 1; i <= values; i++) {
    const value = work.reserve();
    const fence = work.fenceAt(value);
    fence.addCallback(() => {
      called++;
    });
    work.advanceTo(value, i % 64 === 0 ? 'EIO' : undefined);
    fence.put();
    // Lets the wake-ups that were notified arrive, as any program does now and then.
    if (i % 10_000 === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    if (i === Math.ceil(values / 10)) before = await heap();
  }
  if (called !== values) throw new Error(`${String(called)} callbacks for ${String(values)} values`);
  const growth = (await heap()) - before;
  work[Symbol.dispose]();
  return growth;
}
