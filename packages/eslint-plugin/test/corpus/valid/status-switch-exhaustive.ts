import type { DmaFence, SyncObject } from '@dma-fence/core';
export function summarise(o: SyncObject): string {
  const f: DmaFence | undefined = o.fence();
  if (!f) return '-';
  switch (f.status) {
    case 'pending': {
      f.put();
      return 'p';
    }
    case 'signaled': {
      f.put();
      return 's';
    }
    case 'failed': {
      const code = f.error?.code;
      f.put();
      return `f:${code}`;
    }
  }
}
