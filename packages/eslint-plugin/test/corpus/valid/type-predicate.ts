import type { DmaFence } from '@dma-fence/core';
const isFence = (x: DmaFence | null | undefined): x is DmaFence => x != null;
export function compact(list: (DmaFence | null)[]): DmaFence[] {
  return list.filter(isFence).map((f) => f.get());
}
export function pick(list: (DmaFence | null)[]): DmaFence | undefined {
  return list.find(isFence)?.get();
}
