import { type DmaFence, mergeFences } from '@dma-fence/core';

interface Commit {
  readonly inFence: DmaFence | null;
  readonly planes: readonly { readonly fence: DmaFence | null }[];
}

/** What a commit waits for; the caller puts it. */
export function dependencies({ inFence, planes }: Commit): DmaFence | null {
  let result: DmaFence | null = inFence?.get() ?? null;
  for (const { fence } of planes) {
    if (fence === null) continue;
    if (result === null) {
      result = fence.get();
      continue;
    }
    const merged = mergeFences([result, fence]);
    result.put();
    result = merged;
  }
  return result;
}
