import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
export function grab(objs: readonly SyncObject[]): DmaFence[] {
  const fences = new Array<DmaFence>(objs.length);
  let i = 0;
  try {
    for (; i < objs.length; i++) {
      const f = objs[i]!.fence();
      if (!f) throw new FenceError('ENOENT', `slot ${i}`);
      fences[i] = f;
    }
    return fences;
  } catch (err) {
    while (i--) fences[i]!.put();
    throw err;
  }
}
