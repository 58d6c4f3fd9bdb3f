// A function that takes its argument over returns early on a bad state.
import type { DmaFence } from '@dma-fence/core';

let isWedged = false;
const pending: DmaFence[] = [];
export function wedge(): void {
  isWedged = true;
}

/** @consumes fence */
// reports no-fence-leak
export function keep(fence: DmaFence): boolean {
  if (isWedged) return false;
  pending.push(fence);
  return true;
}
