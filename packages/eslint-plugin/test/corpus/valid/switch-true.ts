import type { DmaFence, SyncObject } from '@dma-fence/core';
export function classify(slot: SyncObject): 'none' | 'done' | 'failed' | 'pending' {
  const f: DmaFence | undefined = slot.fence();
  switch (true) {
    case f === undefined:
      return 'none';
    default: {
      const { status } = f;
      f.put();
      return status === 'signaled' ? 'done' : status;
    }
  }
}
