import type { DmaFence } from '@dma-fence/core';

declare function lookup(handle: number): DmaFence | undefined;

/** All or nothing: with one missing, the others are given back. */
export function collect(handles: readonly number[]): { fences: readonly DmaFence[]; stack: DisposableStack } {
  using stack = new DisposableStack();
  const fences: DmaFence[] = [];
  for (const handle of handles) {
    const fence = lookup(handle);
    if (fence === undefined) throw new RangeError(`no fence ${String(handle)}`);
    stack.use(fence);
    fences.push(fence);
  }
  return { fences, stack: stack.move() };
}
