import type { SyncObject } from '@dma-fence/core';
export async function drainAll(objs: readonly SyncObject[]): Promise<string[]> {
  const errors: string[] = [];
  for (const o of objs) {
    const f = o.fence();
    if (!f) continue;
    try {
      await f.wait();
    } catch (e) {
      errors.push(String(e));
    } finally {
      f.put();
    }
  }
  return errors;
}
