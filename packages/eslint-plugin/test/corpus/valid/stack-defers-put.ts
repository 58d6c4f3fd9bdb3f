import type { DmaFence, SyncObject } from '@dma-fence/core';
declare function run(...f: DmaFence[]): Promise<void>;
export async function together(objs: SyncObject[]): Promise<void> {
  using stack = new DisposableStack();
  const list: DmaFence[] = [];
  for (const o of objs) {
    const f = o.fence();
    if (!f) return;
    stack.defer(() => f.put());
    list.push(f);
  }
  await run(...list);
}
