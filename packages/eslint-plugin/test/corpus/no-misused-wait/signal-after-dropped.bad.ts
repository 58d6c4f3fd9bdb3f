// The work's error has nowhere to go.
import type { DriverFence } from '@dma-fence/core';

declare function work(): Promise<void>;

export async function run(fence: DriverFence): Promise<void> {
  // reports no-misused-wait
  fence.signalAfter(work);
}
