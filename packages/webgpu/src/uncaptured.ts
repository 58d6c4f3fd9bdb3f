import type { DmaFence } from '@dma-fence/core';

/**
 * Gives an error that nobody heard of back to the platform: our scope took it away from `uncapturederror`, where an engine has its
 * own handler, so there it goes. As the platform does, it is printed unless a handler prevents that.
 */
export function dispatchUncaptured(device: GPUDevice, { error }: DmaFence): void {
  const value = error?.cause as GPUError;
  // No error of a scope, but of asking for it.
  if (value instanceof Error) return;
  // Node has no such global. Its devices take any event.
  const Kind = (globalThis as Partial<typeof globalThis>).GPUUncapturedErrorEvent ?? Event;
  const init: GPUUncapturedErrorEventInit = { error: value, cancelable: true };
  const event = new Kind('uncapturederror', init);
  if (device.dispatchEvent(Object.defineProperty(event, 'error', { value }))) console.warn(error?.message);
}
