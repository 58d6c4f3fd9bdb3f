import type { DmaFence, SyncObject } from '@dma-fence/core';
export function waitSlot(slot: SyncObject): Promise<void> {
  const fence = slot.fence();
  if (!fence) return Promise.resolve();
  return fence.wait().finally(() => fence.put());
}
export function onDone(fence: DmaFence, cb: () => void): void {
  const ref = fence.get();
  void ref
    .wait()
    .catch(() => undefined)
    .then(cb)
    .finally(() => {
      ref.put();
    });
}
