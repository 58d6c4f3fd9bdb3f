import type { DmaFence } from '@dma-fence/core';

/**
 * Gives an error that nobody heard of back to the platform: our scope took it away from `uncapturederror`, where an engine has its
 * own handler, so there it goes. As the platform does, it is printed unless a handler prevents that.
 */
export function dispatchUncaptured(device: GPUDevice, fence: DmaFence): void {
  const error = fence.error?.cause as GPUError;
  // No error of a scope, but of asking for it.
  if (error instanceof Error) return;
  const init = { error, cancelable: true };
  // Node has no such global. Its devices take any event.
  const event =
    typeof GPUUncapturedErrorEvent === 'function'
      ? new GPUUncapturedErrorEvent('uncapturederror', init)
      : Object.assign(new Event('uncapturederror', init), { error });
  if (device.dispatchEvent(event)) console.warn(String(fence.error?.message));
}
