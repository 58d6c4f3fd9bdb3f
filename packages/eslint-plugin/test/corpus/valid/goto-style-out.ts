import type { DmaFence, DmaFenceContext, DriverFence, SyncObject } from '@dma-fence/core';
export function submit(
  ctx: DmaFenceContext,
  input: SyncObject,
  output: SyncObject,
  queue: (dep: DmaFence | undefined, out: DriverFence) => number,
): number {
  let dep: DmaFence | undefined;
  let done: DmaFence | undefined;
  let ret = -22;
  out: {
    dep = input.fence();
    if (dep?.status === 'failed') break out;
    const fence = ctx.createFence();
    done = fence;
    ret = queue(dep, fence);
    if (ret !== 0) {
      fence.fail('EIO');
      break out;
    }
    output.replace(done);
  }
  done?.put();
  dep?.put();
  return ret;
}
