import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function go(f: DriverFence, quick: boolean): void {
  // reports balanced-signalling
  const s = beginSignalling();
  if (f.signal()) {
    if (!quick) s.end();
    return;
  }
  s.end();
}
