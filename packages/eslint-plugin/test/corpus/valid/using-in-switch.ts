import type { DmaFence, SyncObject } from '@dma-fence/core';
export function describe(kind: 'a' | 'b' | 'c', a: DmaFence, slot: SyncObject): string {
  switch (kind) {
    case 'a': {
      using ref = a.get();
      return ref.name;
    }
    case 'b': {
      using ref = slot.fence();
      if (ref === undefined) break;
      return ref.name;
    }
    case 'c':
      return 'c';
  }
  return 'none';
}
