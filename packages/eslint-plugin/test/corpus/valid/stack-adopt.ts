import type { DmaFence, SyncObject } from '@dma-fence/core';
export function collect(slots: SyncObject[], sink: (list: DmaFence[]) => void): void {
  using stack = new DisposableStack();
  const list: DmaFence[] = [];
  for (const slot of slots) {
    const f = slot.fence();
    if (f === undefined) continue;
    list.push(stack.adopt(f, (one) => one.put()));
  }
  sink(list);
}
