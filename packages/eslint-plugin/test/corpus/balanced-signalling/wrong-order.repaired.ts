// The outer section is ended first.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function nested(a: DriverFence, b: DriverFence): void {
  const outer = beginSignalling();
  a.signal();
  const inner = beginSignalling();
  b.signal();
  inner.end();
  outer.end();
}
