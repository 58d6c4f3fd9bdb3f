// An assertion decides the condition from here on.
import type { DmaFence } from '@dma-fence/core';

declare function assert(condition: unknown): asserts condition;

export function check(fence: DmaFence | undefined): void {
  const ref = fence?.get();
  assert(ref);
  ref.put();
}
