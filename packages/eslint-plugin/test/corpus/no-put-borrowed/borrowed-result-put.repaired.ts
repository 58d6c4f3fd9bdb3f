import type { DmaFence, Borrowed } from '@dma-fence/core';
declare function current(): Borrowed<DmaFence> | undefined;
export async function idle(): Promise<void> {
  const f = current()?.get();
  if (!f) return;
  await f.wait();
  f.put();
}
