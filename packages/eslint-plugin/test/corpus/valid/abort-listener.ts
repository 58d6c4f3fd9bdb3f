import type { DmaFence } from '@dma-fence/core';
export function untilAbort(fence: DmaFence, signal: AbortSignal): void {
  if (signal.aborted) return;
  const ref = fence.get();
  signal.addEventListener('abort', () => ref.put(), { once: true });
}
