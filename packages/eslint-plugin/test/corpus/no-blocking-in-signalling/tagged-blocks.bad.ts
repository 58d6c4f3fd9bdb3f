import { beginSignalling, type DriverFence } from '@dma-fence/core';
/** @blocks */
declare function flushWorkqueue(): void;
export function stop(f: DriverFence): void {
  const s = beginSignalling();
  // reports no-blocking-in-signalling
  flushWorkqueue();
  f.fail('ECANCELED');
  s.end();
}
