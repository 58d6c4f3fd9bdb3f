import type { DmaFence, SyncObject } from '@dma-fence/core';
export function handle(
  op: 'wait' | 'query' | 'drop',
  slot: SyncObject,
  onWait: (f: DmaFence) => void,
): number {
  const f = slot.fence();
  if (!f) return -2;
  try {
    switch (op) {
      case 'wait':
        onWait(f);
        break;
      case 'query':
        return f.signaled ? 1 : 0;
      default:
    }
    return 0;
  } finally {
    f.put();
  }
}
