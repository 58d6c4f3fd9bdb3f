import type { DmaFence, SyncObject } from '@dma-fence/core';
export function collect(objs: SyncObject[]): DmaFence[] {
  const out: DmaFence[] = [];
  for (const o of objs) {
    const f = o.fence();
    if (f) out.push(f);
  }
  return out;
}
