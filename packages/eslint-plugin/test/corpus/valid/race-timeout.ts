import type { SyncObject } from '@dma-fence/core';
export async function race(o: SyncObject, ms: number): Promise<'late' | 'done' | 'none'> {
  const f = o.fence();
  if (!f) return 'none';
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<'late'>((res) => {
    timer = setTimeout(() => res('late'), ms);
  });
  try {
    return await Promise.race([f.wait().then(() => 'done' as const), late]);
  } finally {
    clearTimeout(timer);
    f.put();
  }
}
