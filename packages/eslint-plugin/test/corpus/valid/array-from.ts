import { unwrapFences, type DmaFence } from '@dma-fence/core';
export const own = (f: DmaFence): DmaFence[] => Array.from(unwrapFences(f), (x) => x.get());
export const own2 = (f: DmaFence): DmaFence[] => [...unwrapFences(f)].map((x) => x.get());
