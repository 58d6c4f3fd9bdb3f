import type { DmaFence } from '@dma-fence/core';

declare function notifyHost(id: number): Promise<void>;
declare const tasks: { push(run: () => Promise<void>): void };

export function onRetire(fence: DmaFence, id: number): boolean {
  // reports no-blocking-callback
  return fence.addCallback(async () => {
    await notifyHost(id);
  });
}
