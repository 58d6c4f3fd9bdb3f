import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function bind(f: DmaFence, slot: number): number;
export function bindAll(objs: SyncObject[]): number {
  const got: DmaFence[] = [];
  let ret = 0;
  unwind: {
    for (const [slot, o] of objs.entries()) {
      const f = o.fence();
      if (f === undefined) {
        ret = -22;
        break unwind;
      }
      got.push(f);
      ret = bind(f, slot);
      if (ret < 0) break unwind;
    }
    ret = got.length;
  }
  for (let i = got.length - 1; i >= 0; i--) got[i]?.put();
  return ret;
}
