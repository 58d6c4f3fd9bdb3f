// A free section is open across an await.
import { beginSignalling, type DriverFence } from '@dma-fence/core';

declare function flush(): Promise<void>;

export async function finish(fence: DriverFence): Promise<void> {
  using section = beginSignalling();
  // reports balanced-signalling no-blocking-in-signalling
  await flush();
  fence.signal();
}
