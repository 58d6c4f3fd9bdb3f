import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Bus {
  on(event: 'done' | 'error', listener: () => void): void;
}

/** Signals once, from whichever event comes first. */
export function track(context: DmaFenceContext, bus: Bus): DmaFence {
  const fence = context.createFence();
  const settle = (failed: boolean): void => {
    if (failed) fence.fail('EIO');
    else fence.signal();
  };
  bus.on('done', () => settle(false));
  bus.on('error', () => settle(true));
  fence.put();
  // reports no-use-after-put
  return fence;
}
