import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function attach(f: DmaFence): Promise<boolean>;
export async function attachOnce(o: SyncObject, cached?: DmaFence): Promise<boolean> {
  const mine = cached ? undefined : o.fence();
  const f = cached ?? mine;
  if (!f) return false;
  try {
    return await attach(f);
  } finally {
    mine?.put();
  }
}
