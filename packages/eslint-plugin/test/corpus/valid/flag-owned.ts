import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function use(f: DmaFence): void;
export function either(o: SyncObject, fallback: DmaFence): void {
  let owned = true;
  let f = o.fence();
  if (f === undefined) {
    f = fallback;
    owned = false;
  }
  use(f);
  if (owned) f.put();
}
