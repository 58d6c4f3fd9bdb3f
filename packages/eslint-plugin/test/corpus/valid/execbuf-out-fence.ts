import { SyncObject, type DmaFence, type DmaFenceContext } from '@dma-fence/core';
interface Args {
  flags: number;
  inFence?: SyncObject;
  outFence?: SyncObject;
}
const FENCE_IN = 1;
const FENCE_OUT = 2;
export async function execbuffer(
  ctx: DmaFenceContext,
  args: Args,
  run: () => Promise<void>,
): Promise<number> {
  let inFence: DmaFence | undefined;
  if (args.flags & FENCE_IN) {
    inFence = args.inFence?.fence();
    if (!inFence) return -22;
  }
  if (args.flags & FENCE_OUT && !args.outFence) {
    inFence?.put();
    return -22;
  }
  const out = ctx.createFence();
  if (args.flags & FENCE_OUT) args.outFence!.replace(out);
  try {
    await inFence?.wait();
    await run();
    out.signal();
    return 0;
  } catch (error) {
    out.fail(error instanceof Error ? error : 'EIO');
    return -5;
  } finally {
    inFence?.put();
    out.put();
  }
}
