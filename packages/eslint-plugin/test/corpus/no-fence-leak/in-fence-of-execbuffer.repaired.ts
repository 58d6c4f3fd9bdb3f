// The in-fence of a command buffer is looked up first; a failing check of the out handle leaves with it.
import type { DmaFence } from '@dma-fence/core';

declare function lookup(handle: number): DmaFence | undefined;
declare function isValidOut(handle: number): boolean;

export async function execBuffer(inHandle: number, outHandle: number): Promise<boolean> {
  const inFence = lookup(inHandle);
  if (!inFence) return false;
  if (!isValidOut(outHandle)) {
    inFence.put();
    return false;
  }
  await inFence.wait();
  inFence.put();
  return true;
}
