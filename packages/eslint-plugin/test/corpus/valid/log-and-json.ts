import type { DmaFence } from '@dma-fence/core';
export function report(fences: readonly DmaFence[]): string {
  return JSON.stringify(fences.map((f) => ({ name: f.name, status: f.status, at: f.timestamp ?? null })));
}
export function dump(f: DmaFence): void {
  console.table([{ n: f.name, s: f.signaled }]);
}
