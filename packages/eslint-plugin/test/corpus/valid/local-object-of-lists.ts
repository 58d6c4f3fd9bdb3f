import type { DmaFence } from '@dma-fence/core';
export function a(list: readonly DmaFence[]): void {
  const state = { done: [] as DmaFence[], busy: [] as DmaFence[] };
  for (const f of list) (f.signaled ? state.done : state.busy).push(f.get());
  for (const f of state.done) f.put();
  for (const f of state.busy) f.put();
}
