import { type DmaFence } from '@dma-fence/core';

export function x(f: DmaFence): Promise<void> {
  // reports no-fence-leak
  const a = f.get();
  return a.wait().finally(() => console.log(a.seqno));
}
