import type { DmaFence, Owned } from '@dma-fence/core';
declare function enqueue(f: Owned<DmaFence>): void;
export function submit(f: DmaFence): void {
  const ref = f.get();
  enqueue(ref);
}
