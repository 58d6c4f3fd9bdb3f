import { signaledFence, type DmaFence } from '@dma-fence/core';
export function ensure(f: DmaFence | undefined, n: number): number {
  let cur = f?.get();
  cur ??= signaledFence();
  if (n > 3) {
    const s = cur.seqno;
    cur.put();
    return s;
  }
  const s = cur.seqno + n;
  cur.put();
  return s;
}
