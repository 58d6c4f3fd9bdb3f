import { type DmaFence } from '@dma-fence/core';

export function createTracker() {
  let last: DmaFence | undefined;
  return {
    track(f: DmaFence) {
      const old = last;
      last = f.get();
      old?.put();
    },
    close() {
      last?.put();
      last = undefined;
    },
  };
}
