import type { DmaFence, SyncObject } from '@dma-fence/core';
function putAll(list: DmaFence[]): void {
  for (let i = 0; i < list.length; i++) list[i]!.put();
}
export function collectOrNone(objs: SyncObject[]): DmaFence[] | null {
  const out: DmaFence[] = [];
  for (const o of objs) {
    const f = o.fence();
    if (!f) {
      putAll(out);
      return null;
    }
    out.push(f);
  }
  return out;
}
