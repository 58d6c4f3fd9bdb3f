import type { DmaFence } from '@dma-fence/core';
export async function waitIf(f: DmaFence | undefined): Promise<void> {
  const ref = f && f.get();
  await ref?.wait();
  ref && ref.put();
}
