import { unwrapFences, type DmaFence } from '@dma-fence/core';

interface Request {
  awaitOne(fence: DmaFence): number;
}

export function awaitFence(rq: Request, fence: DmaFence): number {
  for (const leaf of unwrapFences(fence)) {
    if (leaf.signaled) continue;
    const ref = leaf.get();
    const err = rq.awaitOne(ref);
    ref.put();
    if (err < 0) return err;
  }
  return 0;
}
