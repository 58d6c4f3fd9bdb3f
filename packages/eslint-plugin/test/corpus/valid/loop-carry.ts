import { fenceChain, type DmaFence } from '@dma-fence/core';
export function chain(fences: readonly DmaFence[]): DmaFence | undefined {
  let head: DmaFence | undefined;
  let n = 0;
  for (const f of fences) {
    const next = fenceChain(head, f, ++n);
    head?.put();
    head = next;
  }
  return head;
}
