import { FenceUsage, type DmaFence, type DmaReservation } from '@dma-fence/core';

// What a stack of the caller's is given, it disposes of.
export function inputs(stack: DisposableStack, buffers: readonly DmaReservation[]): DmaFence[] {
  const taken: DmaFence[] = [];
  for (const buffer of buffers) {
    const fence = buffer.singleton(FenceUsage.WRITE);
    if (!fence) continue;
    taken.push(stack.use(fence));
  }
  return taken;
}

export function adopt(stack: AsyncDisposableStack, fence: DmaFence): DmaFence {
  const ref = fence.get();
  stack.adopt(ref, (one) => Promise.resolve(one.put()));
  return ref.get();
}

export function defer(stack: DisposableStack, fence: DmaFence): void {
  const ref = fence.get();
  stack.defer(() => {
    ref.put();
  });
}
