import type { DmaFence } from '@dma-fence/core';
export function visit(f: DmaFence, extra: boolean, cb: (x: DmaFence) => void): void {
  const ref = extra && f.get();
  cb(f);
  if (ref) {
    cb(ref);
    ref.put();
  }
}
