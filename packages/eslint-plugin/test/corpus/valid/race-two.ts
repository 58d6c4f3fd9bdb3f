import type { DmaFence } from '@dma-fence/core';
export async function first(a: DmaFence, b: DmaFence): Promise<'a' | 'b'> {
  using ra = a.get();
  using rb = b.get();
  return await Promise.race([ra.wait().then(() => 'a' as const), rb.wait().then(() => 'b' as const)]);
}
