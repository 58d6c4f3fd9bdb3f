import type { SyncObject } from '@dma-fence/core';
export function lookup(o: SyncObject | null, strict: boolean): string {
  const f = o === null ? undefined : o.fence();
  const missing = !f;
  if (missing && strict) throw new Error('missing');
  if (missing) return '';
  try {
    return f.name;
  } finally {
    f.put();
  }
}
