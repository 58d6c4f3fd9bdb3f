import { type DmaFence, type DmaFenceContext } from '@dma-fence/core';

export function list(context: DmaFenceContext, isFull: () => boolean): DmaFence[] | undefined {
  const fences: DmaFence[] = [];
  for (let id = 0; id < 4; id++) {
    const fence = context.createFence();
    if (isFull()) {
      fence.fail('ENOSPC');
      fence.put();
      for (const one of fences) {
        one.fail('ENOSPC');
        one.put();
      }
      fences.length = 0;
      return undefined;
    }
    fences.push(fence);
  }
  return fences;
}

export function set(fences: readonly DmaFence[], isFull: boolean): void {
  const taken = new Set<DmaFence>();
  for (const fence of fences) taken.add(fence.get());
  if (isFull) {
    for (const fence of taken) fence.put();
    taken.clear();
    return;
  }
  for (const fence of taken) fence.put();
}
