import type { SyncObject } from '@dma-fence/core';
declare function invariant(x: boolean): asserts x;
export function check(a: SyncObject, b: SyncObject): void {
  const fa = a.fence();
  const fb = b.fence();
  try {
    invariant(fa?.context.id === fb?.context.id);
  } finally {
    fb?.put();
    fa?.put();
  }
}
