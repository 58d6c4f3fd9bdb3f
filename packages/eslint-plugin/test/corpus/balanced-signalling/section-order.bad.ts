import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function both(a: DriverFence, b: DriverFence): void {
  const s1 = beginSignalling();
  a.signal();
  const s2 = beginSignalling();
  b.signal();
  // reports balanced-signalling
  s1.end();
  s2.end();
}
