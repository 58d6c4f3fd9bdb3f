import type { DmaFence, SyncObject } from '@dma-fence/core';
type Result = { ok: true; fence: DmaFence } | { ok: false; why: string };
function look(o: SyncObject): Result {
  const fence = o.fence();
  return fence ? { ok: true, fence } : { ok: false, why: 'empty' };
}
export function name(o: SyncObject): string {
  const r = look(o);
  if (!r.ok) return r.why;
  const { fence } = r;
  try {
    return fence.name;
  } finally {
    fence.put();
  }
}
