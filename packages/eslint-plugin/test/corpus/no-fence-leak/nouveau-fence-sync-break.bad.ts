import type { DmaFence } from '@dma-fence/core';

declare function emitSemaphore(f: DmaFence): number;

export function syncShared(list: readonly DmaFence[]): number {
  let ret = 0;
  let i = 0;
  while (i < list.length) {
    // reports no-fence-leak
    const f = list[i++]!.get();
    ret = emitSemaphore(f);
    if (ret) break;
    f.put();
  }
  return ret;
}
