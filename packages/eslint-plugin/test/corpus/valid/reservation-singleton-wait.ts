import { FenceUsage, type DmaReservation } from '@dma-fence/core';
export async function waitIdle(resv: DmaReservation, usage: FenceUsage): Promise<boolean> {
  const merged = resv.singleton(usage);
  if (merged === undefined) return true;
  try {
    await merged.wait({ timeoutMs: 50 });
    return merged.status === 'signaled';
  } finally {
    merged.put();
  }
}
