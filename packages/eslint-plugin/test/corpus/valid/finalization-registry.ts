// The registry keeps what it is to put when the owner is gone.
import type { DmaFence } from '@dma-fence/core';
const registry = new FinalizationRegistry<DmaFence>((fence) => fence.put());
export function tie(owner: object, fence: DmaFence): void {
  registry.register(owner, fence.get(), owner);
}
