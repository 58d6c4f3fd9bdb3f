// Signaled fences are skipped with continue, past the put at the end of the body.
import type { DmaFence } from '@dma-fence/core';

declare function program(seqno: number): void;

export function programAll(fences: readonly DmaFence[]): void {
  for (const fence of fences) {
    const ref = fence.get();
    if (ref.signaled) {
      ref.put();
      continue;
    }
    program(ref.seqno);
    ref.put();
  }
}
