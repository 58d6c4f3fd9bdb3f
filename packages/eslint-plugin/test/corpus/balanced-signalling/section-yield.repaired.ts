import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function* steps(fs: DriverFence[]): Generator<number> {
  for (const f of fs) {
    yield f.seqno;
    using _s = beginSignalling();
    f.signal();
  }
}
