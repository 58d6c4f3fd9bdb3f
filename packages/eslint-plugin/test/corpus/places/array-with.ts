import { type DmaFence } from '@dma-fence/core';

let ring: readonly (DmaFence | undefined)[] = [];
export function put(i: number, f: DmaFence) {
  ring[i]?.put();
  ring = ring.with(i, f.get());
}
export function end() {
  for (const f of ring) f?.put();
  ring = [];
}
