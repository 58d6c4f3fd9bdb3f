import type { DmaFence } from '@dma-fence/core';
export function broadcast(f: DmaFence, sinks: ((n: string) => void)[]): void {
  const ref = f.get();
  for (const sink of sinks) sink(ref.name);
  ref.put();
}
