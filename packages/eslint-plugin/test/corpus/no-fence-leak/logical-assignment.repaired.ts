import { type DmaFence, type DmaFenceContext, mergeFences } from '@dma-fence/core';

interface Buffer {
  last?: DmaFence;
}

/** The fence of the first buffer that has one, or a new one. */
export function pick(buffers: readonly Buffer[], context: DmaFenceContext): DmaFence {
  let chosen: DmaFence | undefined;
  for (const { last } of buffers) {
    if (last === undefined || last.signaled) continue;
    chosen ??= last.get();
  }
  chosen ??= context.createFence();
  return chosen;
}

export function accumulate(fences: Iterable<DmaFence>): DmaFence | undefined {
  let sum: DmaFence | undefined;
  for (const fence of fences) {
    const next: DmaFence = sum === undefined ? fence.get() : mergeFences([sum, fence]);
    sum?.put();
    sum = next;
  }
  return sum;
}
