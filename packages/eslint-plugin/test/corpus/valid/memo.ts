import type { DmaFence, SyncObject } from '@dma-fence/core';
const memo = new WeakMap<SyncObject, { seq: number }>();
export function seqOf(o: SyncObject): number {
  let hit = memo.get(o);
  if (!hit) {
    const f: DmaFence | undefined = o.fence();
    hit = { seq: f ? f.seqno : 0 };
    f?.put();
    memo.set(o, hit);
  }
  return hit.seq;
}
