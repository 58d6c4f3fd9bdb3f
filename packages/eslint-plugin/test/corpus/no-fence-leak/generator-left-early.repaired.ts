// A generator holds a reference over a yield; a consumer that stops early never lets it put it.
import type { DmaFence } from '@dma-fence/core';

export function* names(fences: readonly DmaFence[]): Generator<string> {
  for (const fence of fences) {
    const ref = fence.get();
    try {
      yield ref.name;
    } finally {
      ref.put();
    }
  }
}
