import type { DmaFence } from '@dma-fence/core';
export async function isDone(f: DmaFence): Promise<string> {
  if (f.poll()) return f.name;
  return 'pending';
}
