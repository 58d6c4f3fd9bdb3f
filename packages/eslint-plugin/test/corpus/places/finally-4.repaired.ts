import { type DmaFence } from '@dma-fence/core';

export function x(f: DmaFence): Promise<void> {
  const a = f.get();
  return a.wait().finally(() => a.put());
}
