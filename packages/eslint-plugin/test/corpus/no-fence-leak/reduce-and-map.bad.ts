import { type DmaFence, fenceChain } from '@dma-fence/core';

/** Links fences one behind the other; the caller owns the result. */
export function chain(fences: readonly DmaFence[]): DmaFence | undefined {
  let head: DmaFence | undefined;
  fences.forEach((fence, index) => {
    const next = fenceChain(head, fence, index + 1);
    head = next;
  });
  return head;
}

export function names(fences: ReadonlyMap<string, DmaFence>): string[] {
  return [...fences.values()].map((fence) => fence.name);
}

export function firstPending(fences: readonly DmaFence[]): string {
  // reports no-fence-leak
  const held = fences.find((fence) => !fence.signaled)?.get();
  return held?.name ?? 'none';
}
