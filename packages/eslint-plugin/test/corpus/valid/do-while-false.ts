import type { SyncObject } from '@dma-fence/core';
export function check(slot: SyncObject): boolean {
  const fence = slot.fence();
  let ok = false;
  do {
    if (!fence) break;
    if (!fence.signaled) break;
    ok = fence.error === undefined;
  } while (false);
  fence?.put();
  return ok;
}
