// A local error decides what is undone.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

declare function map(fence: DmaFence): number;

export function bind(context: DmaFenceContext): number {
  let error = 0;
  const fence = context.createFence();
  if (map(fence) < 0) error = -12;
  if (error !== 0) {
    fence.fail('ENOMEM');
    fence.put();
    return error;
  }
  fence.signal();
  fence.put();
  return 0;
}
