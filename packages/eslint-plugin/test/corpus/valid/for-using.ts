// The loop's variable is scoped by each round.
import type { DmaFence, Owned } from '@dma-fence/core';

declare function importAll(): Iterable<Owned<DmaFence>>;

export function dropAll(): void {
  for (using fence of importAll()) {
    console.log(fence.name);
  }
}
