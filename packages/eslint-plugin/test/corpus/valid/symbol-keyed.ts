import type { DmaFence } from '@dma-fence/core';
const kFence = Symbol('fence');
interface Tagged {
  [kFence]?: DmaFence;
}
export function tag(o: Tagged, f: DmaFence): void {
  o[kFence]?.put();
  o[kFence] = f.get();
}
export function untag(o: Tagged): void {
  const f = o[kFence];
  delete o[kFence];
  f?.put();
}
