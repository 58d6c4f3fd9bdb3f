import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function decode(f: DmaFence): string;
export function describe(o: SyncObject): string {
  const f = o.fence();
  if (!f) return 'empty';
  try {
    const text = decode(f);
    f.put();
    return text;
  } catch (e) {
    f.put();
    throw e;
  }
}
