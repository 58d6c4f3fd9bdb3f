import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function retire(fences: DriverFence[], quiet: boolean): void {
  const section = quiet ? undefined : beginSignalling();
  for (const f of fences) f.signal();
  section?.end();
}
