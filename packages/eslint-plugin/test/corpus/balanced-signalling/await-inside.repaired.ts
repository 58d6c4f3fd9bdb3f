// A free section is open across an await.
import type { DriverFence } from '@dma-fence/core';

declare function flush(): Promise<void>;

export async function finish(fence: DriverFence): Promise<void> {
  await fence.signalAfter(() => flush());
}
