import { type DmaFence } from '@dma-fence/core';

const live: DmaFence[] = [];
export function track(f: DmaFence): void {
  live.push(f.get());
}
export async function settle(): Promise<void> {
  // reports require-field-release
  const all = live.splice(0);
  await Promise.allSettled(all.map((f) => f.wait()));
}
