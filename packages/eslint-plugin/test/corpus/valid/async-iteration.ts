import type { DmaFence } from '@dma-fence/core';

interface Source {
  fences(): AsyncIterable<DmaFence>;
}

/** Each fence that comes out of the source is ours. */
export async function follow(source: Source, limit: number): Promise<number> {
  let failed = 0;
  for await (using fence of source.fences()) {
    try {
      await fence.wait({ timeoutMs: 500 });
    } catch {
      failed += 1;
      if (failed > limit) break;
    }
  }
  return failed;
}
