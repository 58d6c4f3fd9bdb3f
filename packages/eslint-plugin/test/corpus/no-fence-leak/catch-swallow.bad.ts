import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function parse(f: DmaFence): number;
export function safe(o: SyncObject): number {
  // reports no-fence-leak
  const f = o.fence();
  if (!f) return 0;
  try {
    const n = parse(f);
    f.put();
    return n;
  } catch {
    return -1;
  }
}
