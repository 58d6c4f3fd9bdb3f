import type { DmaFence } from '@dma-fence/core';
export async function isDone(f: DmaFence): Promise<string> {
  // reports no-misused-wait
  if (f.wait({ timeoutMs: 0 })) return f.name;
  return 'pending';
}
