// One flag decides twice.
import type { DmaFence } from '@dma-fence/core';

export async function wait(fence: DmaFence, isKept: boolean, isLogged: boolean): Promise<void> {
  let ref: DmaFence | undefined;
  if (isKept) ref = fence.get();
  if (isLogged) console.log(fence.name);
  await fence.wait();
  if (isKept) ref?.put();
}
