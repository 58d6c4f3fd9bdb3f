import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function flushTlb(): Promise<void>;

export async function runJob(f: DriverFence): Promise<DriverFence> {
  await flushTlb();
  const sec = beginSignalling();
  try {
    f.emit();
  } finally {
    sec.end();
  }
  return f.get();
}
