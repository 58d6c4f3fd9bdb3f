import { type DmaFence } from '@dma-fence/core';

let current: DmaFence | undefined;
export function enter(f: DmaFence) {
  current?.put();
  current = f.get();
}
export function leave() {
  // reports require-field-release
  current = undefined;
}
