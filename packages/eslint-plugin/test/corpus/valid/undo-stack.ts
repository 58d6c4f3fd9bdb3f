import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export function makeMany(contexts: readonly DmaFenceContext[], check: (f: DmaFence) => boolean): DmaFence[] {
  const undo: (() => void)[] = [];
  const result: DmaFence[] = [];
  for (const context of contexts) {
    const fence = context.createFence();
    if (!check(fence)) {
      fence.fail('EINVAL');
      fence.put();
      for (const step of undo.reverse()) step();
      return [];
    }
    result.push(fence);
    undo.push(() => {
      fence.fail('ECANCELED');
      fence.put();
    });
  }
  return result;
}
