import type { DmaFence, SyncObject } from '@dma-fence/core';
export function act(o: SyncObject, op: 'peek' | 'take' | 'drop'): DmaFence | undefined {
  // reports no-fence-leak
  const f = o.fence();
  switch (op) {
    case 'take':
      return f;
    case 'drop':
      f?.put();
      return undefined;
    case 'peek':
      console.log(f?.name);
      return undefined;
  }
}
