import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function flushTlb(): Promise<void>;

export async function runJob(f: DriverFence): Promise<DriverFence> {
  const sec = beginSignalling();
  try {
    // reports balanced-signalling no-blocking-in-signalling
    await flushTlb();
    f.emit();
  } finally {
    sec.end();
  }
  return f.get();
}
