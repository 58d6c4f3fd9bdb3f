import { beginSignalling, type DriverFence } from '@dma-fence/core';
export async function retire(fence: DriverFence, flush: () => Promise<void>): Promise<void> {
  const s = beginSignalling();
  try {
    // reports no-blocking-in-signalling balanced-signalling
    await flush();
    fence.signal();
  } finally {
    s.end();
  }
}
