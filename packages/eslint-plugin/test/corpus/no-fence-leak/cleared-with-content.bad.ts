import { type DmaFence, type DmaFenceContext } from '@dma-fence/core';

export function list(context: DmaFenceContext, isFull: () => boolean): DmaFence[] | undefined {
  const fences: DmaFence[] = [];
  for (let id = 0; id < 4; id++) {
    // reports no-fence-leak
    const fence = context.createFence();
    if (isFull()) {
      fence.fail('ENOSPC');
      fence.put();
      fences.length = 0;
      return undefined;
    }
    fences.push(fence);
  }
  return fences;
}

export function set(fences: readonly DmaFence[], isFull: boolean): void {
  const taken = new Set<DmaFence>();
  // reports no-fence-leak
  for (const fence of fences) taken.add(fence.get());
  if (isFull) {
    taken.clear();
    return;
  }
  for (const fence of taken) fence.put();
}
