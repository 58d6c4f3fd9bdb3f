import type { DmaFence, Borrowed } from '@dma-fence/core';
declare function current(): Borrowed<DmaFence> | undefined;
export async function idle(): Promise<void> {
  const f = current();
  if (!f) return;
  await f.wait();
  // reports no-put-borrowed
  f.put();
}
