import type { DmaFence, SyncObject } from '@dma-fence/core';
function assertDefined<T>(value: T | undefined, what: string): asserts value is T {
  if (value === undefined) throw new TypeError(what);
}
export function nameOf(slot: SyncObject): string {
  const fence = slot.fence();
  assertDefined(fence, 'no fence');
  const { name } = fence;
  fence.put();
  return name;
}
export type X = DmaFence;
