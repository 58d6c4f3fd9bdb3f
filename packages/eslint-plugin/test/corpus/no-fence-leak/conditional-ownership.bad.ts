import { type DmaFence, mergeFences, signaledFence } from '@dma-fence/core';

declare function importFence(fd: number): DmaFence;
declare function program(fence: DmaFence): boolean;

/** With a hint the caller's fence is used as it is, else one is made from the descriptor. */
export function schedule(hint: DmaFence | undefined, fd: number, others: readonly DmaFence[]): boolean {
  const owns = hint === undefined;
  // reports no-fence-leak no-fence-leak
  const own = owns ? (fd < 0 ? signaledFence() : importFence(fd)) : undefined;
  const target = own ?? hint;
  if (target === undefined) return false;
  const merged = mergeFences([target, ...others]);
  try {
    if (!program(merged)) return false;
    return true;
  } finally {
    merged.put();
  }
}
