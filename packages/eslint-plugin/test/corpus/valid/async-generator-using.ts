import type { SyncObject } from '@dma-fence/core';
export async function* ticks(o: SyncObject, n: number): AsyncGenerator<number> {
  for (let i = 1; i <= n; i++) {
    await o.wait({ point: i, waitForSubmit: true });
    using f = o.fence(i);
    if (f) yield f.timestamp ?? 0;
  }
}
