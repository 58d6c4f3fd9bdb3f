import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function* steps(fs: DriverFence[]): Generator<number> {
  for (const f of fs) {
    // reports balanced-signalling
    const s = beginSignalling();
    // reports balanced-signalling
    yield f.seqno;
    f.signal();
    s.end();
  }
}
