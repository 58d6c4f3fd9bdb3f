import { unwrapFences, type DmaFence } from '@dma-fence/core';
export function firstPending(f: DmaFence): DmaFence | undefined {
  for (const leaf of unwrapFences(f)) {
    if (leaf.signaled) continue;
    return leaf.get();
  }
  return undefined;
}
export const pendingNames = (f: DmaFence): string[] =>
  Array.from(unwrapFences(f))
    .filter((leaf) => !leaf.signaled)
    .map((leaf) => leaf.name);
