import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

function unreachable(value: never): never {
  throw new TypeError(String(value));
}

type Mode = 'fast' | 'slow';

export function open(context: DmaFenceContext, mode: Mode, previous: DmaFence | undefined): DmaFence {
  assert(previous === undefined || previous.signaled, 'the previous one is not over');
  // reports no-fence-leak
  const fence = context.createFence();
  switch (mode) {
    case 'fast':
      fence.signal();
      return fence;
    case 'slow':
      setTimeout(() => fence.signal(), 10);
      if (previous) return previous.get();
      return fence;
    default:
      return unreachable(mode);
  }
}
