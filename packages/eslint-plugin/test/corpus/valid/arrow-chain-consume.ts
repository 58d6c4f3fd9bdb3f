import type { DmaFence, SyncObject } from '@dma-fence/core';
const drop = (f: DmaFence | undefined): void => f?.put();
export const peek = (slot: SyncObject): boolean => {
  const f = slot.fence();
  const signaled = f?.signaled ?? true;
  drop(f);
  return signaled;
};
