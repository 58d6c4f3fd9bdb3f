import { beginSignalling, type DriverFence, FenceError } from '@dma-fence/core';

declare function resetEngine(mask: number): boolean;

export function markIdle(mask: number, fence: DriverFence): void {
  // reports balanced-signalling
  const s = beginSignalling();
  if (!resetEngine(mask)) {
    fence.fail('EIO');
    throw new FenceError('EIO', `engine ${mask.toString(16)} is wedged`);
  }
  fence.signal();
  s.end();
}
