import { type DmaFence, type Owned } from '@dma-fence/core';

declare function makeAll(n: number): Owned<DmaFence>[];
export function x() {
  // reports no-fence-leak
  const list = makeAll(3);
  console.log(list.length);
}
