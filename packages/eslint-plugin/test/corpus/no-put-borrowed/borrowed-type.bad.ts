// The type says that the slot only looks on.
import type { Borrowed, DmaFence } from '@dma-fence/core';

interface Overlay {
  readonly watched: Borrowed<DmaFence>;
}

export function hide(overlay: Overlay): void {
  console.log(overlay.watched.name);
  // reports no-put-borrowed
  overlay.watched.put();
}
