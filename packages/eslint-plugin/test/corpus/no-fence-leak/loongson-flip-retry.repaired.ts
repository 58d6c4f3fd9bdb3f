import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';

declare function program(f: DmaFence): 'ok' | 'again' | 'dead';

export function flip(slot: SyncObject, tries = 3): void {
  for (let attempt = 0; attempt < tries; attempt++) {
    const f = slot.fence();
    if (f === undefined) continue;
    const outcome = program(f);
    if (outcome === 'again') {
      f.put();
      continue;
    }
    f.put();
    if (outcome === 'dead') throw new FenceError('EIO', 'display is gone');
    return;
  }
}
