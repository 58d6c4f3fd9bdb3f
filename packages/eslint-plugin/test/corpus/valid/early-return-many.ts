import type { DmaFence, SyncObject } from '@dma-fence/core';
export function classify(o: SyncObject, limit: number): 'none' | 'late' | 'ok' | 'bad' {
  const f: DmaFence | undefined = o.fence();
  if (f === undefined) return 'none';
  const { seqno, error } = f;
  f.put();
  if (error !== undefined) return 'bad';
  if (seqno > limit) return 'late';
  return 'ok';
}
