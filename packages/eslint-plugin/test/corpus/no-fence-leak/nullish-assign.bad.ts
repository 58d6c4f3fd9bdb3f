import { signaledFence, type DmaFence } from '@dma-fence/core';
export function ensure(f: DmaFence | undefined, n: number): number {
  // reports no-fence-leak
  let cur = f?.get();
  // reports no-fence-leak
  cur ??= signaledFence();
  if (n > 3) return cur.seqno;
  const s = cur.seqno + n;
  cur.put();
  return s;
}
