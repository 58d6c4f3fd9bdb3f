// The function waits until the closure has run.
import type { DriverFence } from '@dma-fence/core';

export async function signalLater(fence: DriverFence): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(() => {
      fence.signal();
      resolve();
    }, 1);
  });
}
