import { beginSignalling, type DriverFence } from '@dma-fence/core';
/** @blocks */
declare function flushWorkqueue(): void;
export function stop(f: DriverFence): void {
  flushWorkqueue();
  const s = beginSignalling();
  f.fail('ECANCELED');
  s.end();
}
