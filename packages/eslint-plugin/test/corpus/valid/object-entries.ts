import type { DmaFence } from '@dma-fence/core';
export function snapshot(map: ReadonlyMap<string, DmaFence>): Record<string, DmaFence> {
  const out: Record<string, DmaFence> = {};
  for (const [k, f] of map) out[k] = f.get();
  return out;
}
export function release(s: Record<string, DmaFence>): void {
  for (const f of Object.values(s)) f.put();
}
