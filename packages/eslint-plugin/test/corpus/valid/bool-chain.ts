import type { SyncObject } from '@dma-fence/core';
declare function a(): boolean;
declare function b(): boolean;
export function chain(o: SyncObject): boolean {
  const f = o.fence();
  const ok = f !== undefined && a() && b();
  if (ok) f.enableSignaling();
  if (f) f.put();
  return ok;
}
