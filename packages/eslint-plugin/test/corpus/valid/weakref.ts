import type { DmaFence } from '@dma-fence/core';
const seen = new WeakSet<DmaFence>();
const names = new WeakMap<DmaFence, string>();
export function mark(f: DmaFence): boolean {
  if (seen.has(f)) return false;
  seen.add(f);
  names.set(f, `${f.name}!`);
  return true;
}
