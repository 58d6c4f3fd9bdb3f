import type { DmaFence } from '@dma-fence/core';
interface Emitter {
  once(name: string, fn: () => void): void;
}
export function holdUntilClose(e: Emitter, fence: DmaFence): void {
  const ref = fence.get();
  e.once('close', () => ref.put());
}
