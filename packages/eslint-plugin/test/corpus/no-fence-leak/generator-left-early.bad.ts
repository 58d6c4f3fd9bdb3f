// A generator holds a reference over a yield; a consumer that stops early never lets it put it.
import type { DmaFence } from '@dma-fence/core';

export function* names(fences: readonly DmaFence[]): Generator<string> {
  for (const fence of fences) {
    // reports no-fence-leak
    const ref = fence.get();
    yield ref.name;
    ref.put();
  }
}
