// The callback is a named function that waits.
import type { DmaFence } from '@dma-fence/core';

declare const word: Int32Array<SharedArrayBuffer>;

function onDone(): void {
  // reports no-blocking-callback
  Atomics.wait(word, 0, 0);
}

export function arm(fence: DmaFence): boolean {
  return fence.addCallback(onDone);
}
