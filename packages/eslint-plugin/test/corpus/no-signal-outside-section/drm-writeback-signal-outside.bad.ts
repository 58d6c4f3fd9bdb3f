import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function writebackDone(out: DriverFence, status: number): void {
  const token = beginSignalling();
  const ok = status === 0;
  token.end();
  // reports no-signal-outside-section
  if (ok) out.signal();
  // reports no-signal-outside-section
  else out.fail('EIO');
}
