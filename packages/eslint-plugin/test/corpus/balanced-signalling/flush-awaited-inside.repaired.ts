import { beginSignalling, type DriverFence } from '@dma-fence/core';
export async function retire(fence: DriverFence, flush: () => Promise<void>): Promise<void> {
  await flush();
  const s = beginSignalling();
  try {
    fence.signal();
  } finally {
    s.end();
  }
}
