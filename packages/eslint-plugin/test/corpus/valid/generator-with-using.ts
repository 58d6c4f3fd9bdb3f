// What a generator holds over a yield is scoped.
import type { DmaFence } from '@dma-fence/core';

export function* names(fences: readonly DmaFence[]): Generator<string> {
  for (const fence of fences) {
    using ref = fence.get();
    yield ref.name;
  }
}
