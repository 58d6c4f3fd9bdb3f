import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';
export function allocate(context: DmaFenceContext, count: number): DriverFence[] | undefined {
  const fences: DriverFence[] = new Array<DriverFence>(count);
  let i = 0;
  for (; i < count; i++) {
    const fence = context.createFence();
    if (fence.seqno > 1000) {
      fence.fail('EINVAL');
      fence.put();
      break;
    }
    fences[i] = fence;
  }
  if (i === count) return fences;
  while (i-- > 0) {
    fences[i]!.fail('ECANCELED');
    fences[i]!.put();
  }
  return undefined;
}
export type F = DmaFence;
