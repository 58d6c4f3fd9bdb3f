import type { DmaFence } from '@dma-fence/core';
export function watch(f: DmaFence, cb: () => void): void {
  const ref = f.get();
  const done = () => {
    cb();
    ref.put();
  };
  if (!ref.addCallback(done)) {
    done();
  }
}
