import type { Owned } from '@dma-fence/core';

/** Calls `then` when a fence ends, or now if it has. The fence is ours to put. */
export function whenEnded(fence: Owned, then: () => void): void {
  if (!fence.addCallback(then)) then();
  fence.put();
}
