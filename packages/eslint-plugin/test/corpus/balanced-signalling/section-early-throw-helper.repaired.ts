import { beginSignalling, type DriverFence } from '@dma-fence/core';
function fatal(msg: string): never {
  throw new Error(msg);
}
export function done(f: DriverFence | undefined): void {
  const s = beginSignalling();
  if (!f) {
    s.end();
    fatal('none');
  }
  f.signal();
  s.end();
}
