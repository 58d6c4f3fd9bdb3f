// The work waits for the fence that it is to signal.
import type { DriverFence } from '@dma-fence/core';

declare function step(): Promise<void>;

export async function run(fence: DriverFence): Promise<void> {
  await fence.signalAfter(async () => {
    await step();
    // reports no-blocking-in-signalling
    await fence.wait();
  });
}
