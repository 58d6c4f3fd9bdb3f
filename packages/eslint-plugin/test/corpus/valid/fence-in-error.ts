import { FenceError, type SyncObject } from '@dma-fence/core';
export function check(o: SyncObject): void {
  using f = o.fence();
  if (f?.status === 'failed') throw new FenceError(f.error?.code ?? 'EIO', `${f.name} failed`);
}
