import type { DmaFence, SyncObject } from '@dma-fence/core';
export async function exec(
  slot: SyncObject,
  extra: DmaFence | undefined,
  run: () => Promise<boolean>,
): Promise<boolean> {
  let inFence: DmaFence | undefined;
  let extraTaken = false;
  try {
    inFence = slot.fence();
    if (inFence) await inFence.wait();
    if (extra !== undefined && !extra.signaled) {
      extra.get();
      extraTaken = true;
      await extra.wait();
    }
    return await run();
  } finally {
    if (extraTaken) extra!.put();
    inFence?.put();
  }
}
