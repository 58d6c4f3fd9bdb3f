import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function go(f: DriverFence): void {
  using _s = beginSignalling();
  f.signal();
}
