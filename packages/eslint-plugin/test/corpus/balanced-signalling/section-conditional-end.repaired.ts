import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function go(f: DriverFence, quick: boolean): void {
  const s = beginSignalling();
  if (f.signal()) {
    if (!quick) console.debug('slow');
    s.end();
    return;
  }
  s.end();
}
