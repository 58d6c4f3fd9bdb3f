import type { DmaFence, SyncObject } from '@dma-fence/core';
function release(f: DmaFence | undefined): void {
  f?.put();
}
function both(a: DmaFence, b: DmaFence): boolean {
  return a.signaled && b.signaled;
}
export function check(x: SyncObject, y: SyncObject): boolean {
  const a = x.fence();
  const b = y.fence();
  const ok = a !== undefined && b !== undefined && both(a, b);
  release(a);
  release(b);
  return ok;
}
