import type { DmaFence } from '@dma-fence/core';
export function log(fence: DmaFence, out: string[]): void {
  const added = fence.addCallback((f) => out.push(f.name));
  if (added) return;
  out.push(fence.name);
}
