import type { SyncObject } from '@dma-fence/core';
export function drainQuietly(o: SyncObject): Promise<boolean> {
  const f = o.fence();
  if (!f) return Promise.resolve(true);
  return f.wait().then(
    () => {
      f.put();
      return true;
    },
    () => {
      f.put();
      return false;
    },
  );
}
