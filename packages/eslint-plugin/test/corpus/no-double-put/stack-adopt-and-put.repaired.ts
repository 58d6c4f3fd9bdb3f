import type { SyncObject } from '@dma-fence/core';
export function two(a: SyncObject): void {
  using s = new DisposableStack();
  const f = a.fence();
  if (!f) return;
  s.adopt(f, (x) => x.put());
  f.poll();
}
