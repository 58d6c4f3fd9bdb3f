import { beginSignalling, type DriverFence } from '@dma-fence/core';

export function writebackDone(out: DriverFence, status: number): void {
  const token = beginSignalling();
  const ok = status === 0;
  if (ok) out.signal();
  else out.fail('EIO');
  token.end();
}
