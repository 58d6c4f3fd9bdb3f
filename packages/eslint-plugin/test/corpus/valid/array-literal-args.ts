import { fenceArray, mergeFences, waitAll, type DmaFence, type SyncObject } from '@dma-fence/core';
export async function three(a: SyncObject, b: DmaFence): Promise<DmaFence> {
  const fa = a.fence();
  const list = fa ? [fa, b] : [b];
  await waitAll(list, { timeoutMs: 5 });
  const out = list.length > 1 ? fenceArray(list) : mergeFences(list);
  fa?.put();
  return out;
}
