import type { DmaFence } from '@dma-fence/core';
export function compact(list: DmaFence[]): void {
  let i = 0;
  while (i < list.length) {
    const f = list[i]!;
    if (!f.signaled) {
      i++;
      continue;
    }
    list[i] = list[list.length - 1]!;
    list.pop();
    f.put();
  }
}
