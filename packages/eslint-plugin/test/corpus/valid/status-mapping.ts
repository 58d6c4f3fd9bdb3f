import type { DmaFence, SyncObject } from '@dma-fence/core';
const codes = { pending: 1, signaled: 0, failed: -5 } as const satisfies Record<DmaFence['status'], number>;
export const query = (slot: SyncObject): number => {
  const f = slot.fence();
  try {
    return f === undefined ? -2 : codes[f.status];
  } finally {
    f?.put();
  }
};
