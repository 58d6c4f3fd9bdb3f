import { type DmaFence } from '@dma-fence/core';

// Where nothing was gathered, nothing is lost.
export function empty(fences: readonly DmaFence[]): void {
  const taken: DmaFence[] = [];
  for (const fence of fences) if (!fence.signaled) taken.push(fence.get());
  if (taken.length === 0) throw new Error('none');
  for (const fence of taken) fence.put();
}
export function empty2(fences: readonly DmaFence[]): void {
  const taken: DmaFence[] = [];
  for (const fence of fences) if (!fence.signaled) taken.push(fence.get());
  if (!taken.length) return;
  for (const fence of taken) fence.put();
}
export function empty3(fences: readonly DmaFence[]): void {
  const taken = new Set<DmaFence>();
  for (const fence of fences) if (!fence.signaled) taken.add(fence.get());
  if (taken.size > 0) for (const fence of taken) fence.put();
}
export function empty4(fences: readonly DmaFence[]): void {
  const taken = fences.filter((f) => !f.signaled).map((f) => f.get());
  if (taken.length < 1) return;
  for (const fence of taken) fence.put();
}
export function empty5(fences: readonly DmaFence[]): DmaFence | undefined {
  const taken: DmaFence[] = [];
  for (const fence of fences) if (!fence.signaled) taken.push(fence.get());
  if (taken.length === 1) return taken[0];
  while (taken.length > 0) taken.pop()?.put();
  return undefined;
}
