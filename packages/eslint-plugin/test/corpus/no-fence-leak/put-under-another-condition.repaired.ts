// The reference is taken under one flag and put under another one.
import type { DmaFence } from '@dma-fence/core';

export function track(fence: DmaFence, isTracked: boolean, isVerbose: boolean): void {
  let ref: DmaFence | undefined;
  if (isTracked) ref = fence.get();
  if (isVerbose) console.log(fence.name);
  if (isTracked) ref?.put();
}
