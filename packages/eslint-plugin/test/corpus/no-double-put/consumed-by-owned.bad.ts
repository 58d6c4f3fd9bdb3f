import type { DmaFence, Owned } from '@dma-fence/core';
declare function queue(fence: Owned): void;
export function send(f: DmaFence): void {
  const ref = f.get();
  queue(ref);
  // reports no-double-put
  ref.put();
}
