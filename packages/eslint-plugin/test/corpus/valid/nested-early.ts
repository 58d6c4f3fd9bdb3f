import type { DmaFence, SyncObject } from '@dma-fence/core';
export function nested(
  a: SyncObject,
  b: SyncObject,
  ok: (x: DmaFence, y: DmaFence) => boolean,
): DmaFence | undefined {
  const x = a.fence();
  if (x) {
    const y = b.fence();
    if (y) {
      if (ok(x, y)) {
        y.put();
        return x;
      }
      y.put();
    }
    x.put();
  }
  return undefined;
}
