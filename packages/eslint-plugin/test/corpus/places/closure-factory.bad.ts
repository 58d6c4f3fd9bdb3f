import { type DmaFence } from '@dma-fence/core';

export function createTracker() {
  let last: DmaFence | undefined;
  return {
    track(f: DmaFence) {
      const old = last;
      // reports require-field-release
      last = f.get();
    },
    close() {
      last?.put();
      last = undefined;
    },
  };
}
