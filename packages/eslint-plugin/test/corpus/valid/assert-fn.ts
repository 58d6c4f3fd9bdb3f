import type { DmaFence, SyncObject } from '@dma-fence/core';
function assert(x: unknown, msg?: string): asserts x {
  if (!x) throw new Error(msg);
}
export function must(o: SyncObject): DmaFence {
  const f = o.fence();
  assert(f, 'empty slot');
  return f;
}
