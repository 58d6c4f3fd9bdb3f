import type { SyncObject } from '@dma-fence/core';
export async function drainAll(objs: readonly SyncObject[]): Promise<string[]> {
  const errors: string[] = [];
  for (const o of objs) {
    // reports no-fence-leak
    const f = o.fence();
    if (!f) continue;
    try {
      await f.wait();
      f.put();
    } catch (e) {
      errors.push(String(e));
    }
  }
  return errors;
}
