// The callback is a named function that waits.
import type { DmaFence } from '@dma-fence/core';

declare const word: Int32Array<SharedArrayBuffer>;

function onDone(): void {
  Atomics.notify(word, 0);
}

export function arm(fence: DmaFence): boolean {
  return fence.addCallback(onDone);
}
