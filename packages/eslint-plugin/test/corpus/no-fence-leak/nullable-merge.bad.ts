import { type DmaFence, mergeFences } from '@dma-fence/core';

interface Commit {
  readonly inFence: DmaFence | null;
  readonly planes: readonly { readonly fence: DmaFence | null }[];
}

/** What a commit waits for; the caller puts it. */
export function dependencies({ inFence, planes }: Commit): DmaFence | null {
  // reports no-fence-leak
  let result: DmaFence | null = inFence?.get() ?? null;
  for (const { fence } of planes) {
    if (fence === null) continue;
    if (result === null) {
      // reports no-fence-leak
      result = fence.get();
      continue;
    }
    // reports no-fence-leak
    const merged = mergeFences([result, fence]);
    result = merged;
  }
  return result;
}
