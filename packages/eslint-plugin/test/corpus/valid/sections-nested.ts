import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function two(a: DriverFence, b: DriverFence): void {
  const outer = beginSignalling();
  const inner = beginSignalling();
  a.signal();
  inner.end();
  b.signal();
  outer.end();
}
