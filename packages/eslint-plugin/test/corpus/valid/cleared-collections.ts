import { type DmaFence } from '@dma-fence/core';

// A collection is emptied after its content went elsewhere.
export function cleared1(fences: readonly DmaFence[]): void {
  const taken: DmaFence[] = [];
  for (const fence of fences) taken.push(fence.get());
  for (const fence of taken) fence.put();
  taken.length = 0;
  for (const fence of fences) taken.push(fence.get());
  taken.forEach((fence) => fence.put());
  taken.length = 0;
}
export function cleared2(fences: readonly DmaFence[], out: DmaFence[]): void {
  const taken = new Set<DmaFence>();
  for (const fence of fences) taken.add(fence.get());
  out.push(...taken);
  taken.clear();
}
export function cleared3(fences: readonly DmaFence[]): DmaFence[] {
  let taken: DmaFence[] = [];
  for (const fence of fences) taken.push(fence.get());
  const all = taken.slice();
  taken.length = 0;
  return all;
}
export function cleared4(fences: readonly DmaFence[]): DmaFence[] {
  const taken: DmaFence[] = [];
  const all: DmaFence[] = [];
  for (const fence of fences) taken.push(fence.get());
  for (const fence of taken) all.push(fence);
  taken.length = 0;
  return all;
}
export function cleared5(fences: readonly DmaFence[]): void {
  const taken = new Map<string, DmaFence>();
  for (const fence of fences) taken.set(fence.name, fence.get());
  for (const [name, fence] of taken) {
    fence.put();
    taken.delete(name);
  }
  taken.clear();
}
export function cleared6(fences: readonly DmaFence[]): void {
  const batch: DmaFence[] = [];
  const flush = (): void => {
    for (const fence of batch) fence.put();
    batch.length = 0;
  };
  for (const fence of fences) {
    batch.push(fence.get());
    if (batch.length === 4) flush();
  }
  flush();
}
export function cleared7(fences: readonly DmaFence[]): void {
  const batch: DmaFence[] = [];
  for (const fence of fences) {
    const ref = fence.get();
    batch.push(ref);
    if (fence.signaled) {
      batch.length = 0;
      ref.put();
      return;
    }
  }
  while (batch.length) batch.shift()?.put();
}
export async function cleared8(
  fences: readonly DmaFence[],
  send: (batch: DmaFence[]) => Promise<void>,
): Promise<void> {
  const batch: DmaFence[] = [];
  for (const fence of fences) {
    batch.push(fence.get());
    if (batch.length < 8) continue;
    await send([...batch]);
    batch.length = 0;
  }
  if (batch.length > 0) await send(batch);
}
