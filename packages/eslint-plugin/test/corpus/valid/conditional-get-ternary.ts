import type { DmaFence } from '@dma-fence/core';
export function maybe(f: DmaFence | undefined, want: boolean): void {
  const ref = want && f ? f.get() : null;
  if (ref !== null) {
    ref.poll();
    ref.put();
  }
}
