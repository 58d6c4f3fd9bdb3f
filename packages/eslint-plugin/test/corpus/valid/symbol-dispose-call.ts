import type { SyncObject } from '@dma-fence/core';
export function touch(o: SyncObject): void {
  const f = o.fence();
  if (!f) return;
  try {
    f.poll();
  } finally {
    f[Symbol.dispose]();
  }
}
