import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function each(fs: DriverFence[]): void {
  for (const f of fs) {
    // reports balanced-signalling
    const s = beginSignalling();
    if (f.signaled) continue;
    f.signal();
    s.end();
  }
}
