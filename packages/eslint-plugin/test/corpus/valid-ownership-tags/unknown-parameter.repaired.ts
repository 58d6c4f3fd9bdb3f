// The tag still has the old name of the parameter.
import type { DmaFence } from '@dma-fence/core';

/** @consumes done */
export function retire(done: DmaFence): void {
  done.put();
}
