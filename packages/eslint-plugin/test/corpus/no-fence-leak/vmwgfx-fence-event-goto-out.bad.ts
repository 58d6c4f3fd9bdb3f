import { FenceError, type DmaFence } from '@dma-fence/core';

declare function find(handle: number): DmaFence | undefined;
declare function reserveEvent(): { handle: number } | undefined;
declare function arm(event: { handle: number }, fence: DmaFence): void;

export function fenceEventIoctl(handle: number): { handle: number } {
  let fence: DmaFence | undefined;
  if (handle) {
    // reports no-fence-leak
    fence = find(handle);
    if (!fence) throw new FenceError('EINVAL', 'bad handle');
  }
  const event = reserveEvent();
  if (!event) {
    throw new FenceError('ENOMEM', 'event');
  }
  if (fence) {
    arm(event, fence);
    fence.put();
  }
  return event;
}
