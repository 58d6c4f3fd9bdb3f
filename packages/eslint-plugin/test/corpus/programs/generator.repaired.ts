import { FenceTimeline, type Borrowed, type DmaFence } from '@dma-fence/core';

interface Sample {
  readonly index: number;
  readonly ready: Borrowed<DmaFence>;
}

/** Captures samples one after the other; each fence is lent until the next step. */
export function* capture(adc: FenceTimeline, count: number): Generator<Sample, void> {
  for (let index = 0; index < count; index++) {
    const ready = adc.createFence();
    try {
      adc.advanceTo(ready.seqno);
      yield { index, ready };
    } finally {
      ready.put();
    }
  }
}

function firstAbove(adc: FenceTimeline, limit: number): number {
  for (const sample of capture(adc, 10)) {
    if (sample.ready.status === 'failed') continue;
    if (sample.index * 3 > limit) return sample.index;
  }
  return -1;
}

async function sum(adc: FenceTimeline, count: number): Promise<number> {
  let total = 0;
  for (const { index, ready } of capture(adc, count)) {
    await ready.wait();
    total += index;
  }
  return total;
}
