// A helper of the same file looks at the fence; it does not take it over.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

function describe(fence: DmaFence): string {
  return `${fence.name} ${fence.status}`;
}

export function log(context: DmaFenceContext): void {
  const fence = context.createFence();
  console.log(describe(fence));
  fence.signal();
  fence.put();
}
