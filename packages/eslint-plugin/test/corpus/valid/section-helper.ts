import { beginSignalling, type DriverFence } from '@dma-fence/core';
function inSection<R>(fn: () => R): R {
  const s = beginSignalling();
  try {
    return fn();
  } finally {
    s.end();
  }
}
export const done = (f: DriverFence): boolean => inSection(() => f.signal());
