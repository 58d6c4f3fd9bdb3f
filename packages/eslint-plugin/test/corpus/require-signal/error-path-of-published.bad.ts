// The fence was handed out; the error path drops it pending.
import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

declare function publish(fence: DmaFence): void;
declare function run(): boolean;

export function submit(context: DmaFenceContext): boolean {
  // reports require-signal
  const fence = context.createFence();
  publish(fence);
  if (!run()) {
    fence.put();
    return false;
  }
  fence.signal();
  fence.put();
  return true;
}
