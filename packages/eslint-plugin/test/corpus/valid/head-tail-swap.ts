import type { DmaFence } from '@dma-fence/core';
export function walk(fences: readonly DmaFence[]): DmaFence {
  let tail = fences[0]!.get();
  for (let i = 1; i < fences.length; i++) {
    let head = fences[i]!.get();
    if (tail.isLaterThan(head)) [head, tail] = [tail, head];
    tail.put();
    tail = head;
  }
  return tail;
}
