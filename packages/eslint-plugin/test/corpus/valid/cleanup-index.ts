import type { DmaFence, DmaFenceContext } from '@dma-fence/core';
export async function submit(
  context: DmaFenceContext,
  n: number,
  go: (i: number) => Promise<void>,
): Promise<void> {
  const fences = [];
  for (let i = 0; i < n; ++i) fences.push(context.createFence(i));
  let started = 0;
  try {
    for (; started < n; started++) await go(started);
  } finally {
    for (let i = 0; i < n; i++) {
      const fence = fences[i]!;
      if (i < started) fence.signal();
      else fence.fail('ECANCELED');
      fence.put();
    }
  }
}
export type X = DmaFence;
