import type { DmaFence } from '@dma-fence/core';
export function broadcast(f: DmaFence, sinks: ((n: string) => void)[]): void {
  // reports no-fence-leak
  const ref = f.get();
  for (const sink of sinks) {
    sink(ref.name);
    // reports no-double-put
    ref.put();
  }
}
