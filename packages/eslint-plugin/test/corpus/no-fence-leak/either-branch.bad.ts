import type { SyncObject } from '@dma-fence/core';
declare function start(n: number): void;
export function kick(o: SyncObject, flags: { fast: boolean; dry: boolean }): void {
  // reports no-fence-leak
  const f = o.fence();
  if (!f) return;
  if (flags.dry) {
    f.put();
    return;
  }
  if (flags.fast) start(f.seqno);
  else {
    start(f.seqno);
    f.put();
  }
}
