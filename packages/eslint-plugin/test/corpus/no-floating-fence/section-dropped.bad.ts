import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function go(f: DriverFence): void {
  // reports no-floating-fence
  beginSignalling();
  f.signal();
}
