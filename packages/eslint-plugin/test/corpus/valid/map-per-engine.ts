import type { DmaFence } from '@dma-fence/core';
const last = new Map<string, DmaFence>();
export function record(engine: string, fence: DmaFence): void {
  const old = last.get(engine);
  if (old === fence) return;
  last.set(engine, fence.get());
  old?.put();
}
export function forget(engine: string): void {
  const old = last.get(engine);
  if (!old) return;
  last.delete(engine);
  old.put();
}
export function clear(): void {
  for (const [, fence] of last) fence.put();
  last.clear();
}
export async function idle(engine: string): Promise<void> {
  using fence = last.get(engine)?.get();
  await fence?.wait();
}
