import { type DmaFence, type Owned } from '@dma-fence/core';

declare function makeAll(n: number): Owned<DmaFence>[];
export function x() {
  const list = makeAll(3);
  for (const f of list) f.put();
}
