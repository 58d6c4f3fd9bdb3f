// A bare get in the kernel's manner, without the store it was meant for.
import type { DmaFence } from '@dma-fence/core';

declare function show(fence: DmaFence): void;

export function present(fence: DmaFence): void {
  // reports no-floating-fence
  fence.get();
  show(fence);
}
