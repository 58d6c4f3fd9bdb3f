import type { DmaFence } from '@dma-fence/core';
const attached = new WeakMap<object, DmaFence>();
export function attach(owner: object, fence: DmaFence): void {
  attached.get(owner)?.put();
  attached.set(owner, fence.get());
}
export function detach(owner: object): void {
  const fence = attached.get(owner);
  if (fence === undefined) return;
  attached.delete(owner);
  fence.put();
}
