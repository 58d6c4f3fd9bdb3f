import type { DmaFence } from '@dma-fence/core';
const pending: DmaFence[] = [];
export function track(f: DmaFence): void {
  pending.push(f.get());
}
export function untrack(f: DmaFence): boolean {
  const i = pending.indexOf(f);
  if (i === -1) return false;
  const [mine] = pending.splice(i, 1);
  mine!.put();
  return true;
}
export function prune(): void {
  for (let i = pending.length - 1; i >= 0; i--) {
    if (!pending[i]!.signaled) continue;
    pending[i]!.put();
    pending.splice(i, 1);
  }
}
