import { beginSignalling, type DriverFence } from '@dma-fence/core';
function fatal(msg: string): never {
  throw new Error(msg);
}
export function done(f: DriverFence | undefined): void {
  // reports balanced-signalling
  const s = beginSignalling();
  if (!f) throw new Error('none');
  f.signal();
  s.end();
}
