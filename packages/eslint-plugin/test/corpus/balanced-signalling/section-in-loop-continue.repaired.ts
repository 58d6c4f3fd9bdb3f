import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function each(fs: DriverFence[]): void {
  for (const f of fs) {
    const s = beginSignalling();
    if (f.signaled) {
      s.end();
      continue;
    }
    f.signal();
    s.end();
  }
}
