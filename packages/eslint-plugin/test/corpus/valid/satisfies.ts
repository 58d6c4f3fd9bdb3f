import type { DmaFence, FenceTimeline, FenceOps } from '@dma-fence/core';
export const ops = {
  isSignaled: (f) => f.seqno < 10,
  release: (f) => {
    console.debug(f.name);
  },
} satisfies FenceOps;
export const make = (t: FenceTimeline) =>
  ({ done: t.createFence(), at: Date.now() }) satisfies { done: DmaFence; at: number };
