import { type DmaFence, type Owned } from '@dma-fence/core';

export class Ring {
  readonly #fences: DmaFence[] = [];

  /** Hands over, oldest first: each fence is the consumer's. */
  *retire(upTo: number): Generator<Owned, void> {
    while (this.#fences[0] && this.#fences[0].seqno <= upTo) {
      const fence = this.#fences.shift();
      if (fence) yield fence;
    }
  }
}

export function countFailures(ring: Ring, upTo: number, limit: number): number {
  let failures = 0;
  for (const fence of ring.retire(upTo)) {
    if (fence.error) failures += 1;
    fence.put();
    if (failures > limit) break;
  }
  return failures;
}

export async function settle(fences: AsyncIterable<Owned>): Promise<void> {
  for await (const fence of fences) {
    try {
      await fence.wait();
    } finally {
      fence.put();
    }
  }
}
