import type { DmaFence, SyncObject } from '@dma-fence/core';
type Result = { ok: true; fence: DmaFence } | { ok: false; error: string };
function lookup(slot: SyncObject): Result {
  const fence = slot.fence();
  return fence ? { ok: true, fence } : { ok: false, error: 'ENOENT' };
}
export async function wait(slot: SyncObject): Promise<string> {
  const r = lookup(slot);
  if (!r.ok) return r.error;
  const { fence } = r;
  try {
    await fence.wait();
  } finally {
    fence.put();
  }
  return 'ok';
}
