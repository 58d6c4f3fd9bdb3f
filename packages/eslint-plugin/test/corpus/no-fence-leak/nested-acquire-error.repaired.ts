// The second lookup fails and only its own state is cleaned up.
import { type DmaFence, waitAll } from '@dma-fence/core';

declare function lookup(handle: number): DmaFence | undefined;

export async function copyFence(from: number, to: number): Promise<boolean> {
  const source = lookup(from);
  if (source === undefined) return false;
  const target = lookup(to);
  if (target === undefined) {
    source.put();
    return false;
  }
  await waitAll([source, target]);
  target.put();
  source.put();
  return true;
}
