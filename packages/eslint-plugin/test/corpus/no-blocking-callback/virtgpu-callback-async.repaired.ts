import type { DmaFence } from '@dma-fence/core';

declare function notifyHost(id: number): Promise<void>;
declare const tasks: { push(run: () => Promise<void>): void };

export function onRetire(fence: DmaFence, id: number): boolean {
  return fence.addCallback(() => {
    tasks.push(() => notifyHost(id));
  });
}
