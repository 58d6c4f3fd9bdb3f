import type { DmaFence } from '@dma-fence/core';
export function holdFor(fence: DmaFence, ms: number): () => void {
  const ref = fence.get();
  let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(release, ms);
  function release(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    ref.put();
  }
  return release;
}
