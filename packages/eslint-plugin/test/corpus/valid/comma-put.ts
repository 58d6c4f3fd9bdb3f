import type { SyncObject } from '@dma-fence/core';
export function peek(o: SyncObject): number {
  const f = o.fence();
  let n: number;
  return f ? ((n = f.seqno), f.put(), n) : -1;
}
