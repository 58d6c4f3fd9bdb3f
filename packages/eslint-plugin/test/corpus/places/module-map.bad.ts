import { type DmaFence } from '@dma-fence/core';

const cache = new Map<string, DmaFence>();
export function remember(k: string, f: DmaFence) {
  forget(k);
  cache.set(k, f.get());
}
export function forget(k: string) {
  const f = cache.get(k);
  if (f) {
    // reports require-field-release
    cache.delete(k);
  }
}
export function reset() {
  for (const f of cache.values()) f.put();
  cache.clear();
}
