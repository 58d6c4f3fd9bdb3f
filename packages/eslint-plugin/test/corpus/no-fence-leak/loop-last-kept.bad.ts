import type { DmaFence, SyncObject } from '@dma-fence/core';
export function keepLast(objs: SyncObject[]): DmaFence | undefined {
  let last: DmaFence | undefined;
  for (const o of objs) {
    // reports no-fence-leak
    const f = o.fence();
    if (!f) continue;
    if (last === undefined || f.isLaterThan(last)) last = f;
  }
  return last;
}
