import type { SyncObject } from '@dma-fence/core';
export function seqnos(objs: Iterable<SyncObject>): number[] {
  using stack = new DisposableStack();
  const out: number[] = [];
  for (const o of objs) {
    const f = stack.use(o.fence());
    out.push(f?.seqno ?? -1);
  }
  return out;
}
