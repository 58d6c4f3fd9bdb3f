import type { DmaFence, SyncObject } from '@dma-fence/core';
export function scan(o: SyncObject, visit: (f: DmaFence) => boolean): void {
  let p = 0;
  let f: DmaFence | undefined;
  while ((f = o.fence(++p)) !== undefined) {
    const go = visit(f);
    f.put();
    if (!go) break;
  }
}
