// The leaves of a container are lent while they are walked.
import { type DmaFence, unwrapFences } from '@dma-fence/core';

export function dump(fence: DmaFence): void {
  for (const leaf of unwrapFences(fence)) {
    console.log(leaf.name);
    // reports no-put-borrowed
    leaf.put();
  }
}
