// The same with a record.
import { FenceCallback } from '@dma-fence/core';

declare function save(name: string): Promise<void>;

export function makeRecord(): FenceCallback {
  // reports no-blocking-callback
  return new FenceCallback(async (fence) => {
    await save(fence.name);
  });
}
