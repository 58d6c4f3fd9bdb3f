import { type DmaFence, type SyncObject, FenceError } from '@dma-fence/core';

interface Submit {
  handles: number[];
  inSync: SyncObject;
}
declare function lookup(handle: number): object | null;
declare function schedule(bos: object[], after: DmaFence | undefined): void;

export function submitCl(args: Submit): void {
  const bos: object[] = [];
  // reports no-fence-leak
  const inFence = args.inSync.fence();
  for (const handle of args.handles) {
    const bo = lookup(handle);
    if (!bo) {
      throw new FenceError('EINVAL', `no such bo: ${handle}`);
    }
    bos.push(bo);
  }
  schedule(bos, inFence);
  inFence?.put();
}
