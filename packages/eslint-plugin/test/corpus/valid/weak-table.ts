// A weak table keeps nothing alive.
import type { DmaFence } from '@dma-fence/core';

const notes = new WeakMap<DmaFence, string>();

export function note(fence: DmaFence, text: string): void {
  notes.set(fence, text);
}
