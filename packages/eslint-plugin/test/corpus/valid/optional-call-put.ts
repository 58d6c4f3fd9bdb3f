import type { SyncObject } from '@dma-fence/core';
export async function poll(o: SyncObject | undefined): Promise<boolean> {
  const f = o?.fence();
  const ok = f?.poll() ?? true;
  f?.put();
  return ok;
}
