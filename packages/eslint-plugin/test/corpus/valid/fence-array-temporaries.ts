import { fenceArray, mergeFences, type DmaFence, type SyncObject } from '@dma-fence/core';
export function join(slots: readonly SyncObject[]): DmaFence {
  using stack = new DisposableStack();
  const fences: DmaFence[] = [];
  for (const slot of slots) {
    const fence = slot.fence();
    if (fence) fences.push(stack.use(fence));
  }
  return fences.length > 1 ? fenceArray(fences) : mergeFences(fences);
}
