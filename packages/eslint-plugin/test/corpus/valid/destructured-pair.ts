import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Pair {
  readonly acquire: DmaFence;
  readonly release: DriverFence;
}

function makePair(context: DmaFenceContext): Pair {
  const release = context.createFence();
  return { acquire: release.get(), release };
}

export async function present(
  context: DmaFenceContext,
  flip: (fence: DmaFence) => Promise<boolean>,
): Promise<boolean> {
  const { acquire, release } = makePair(context);
  try {
    const flipped = await flip(acquire);
    if (!flipped) release.fail('ECANCELED');
    else release.signal();
    return flipped;
  } finally {
    acquire.put();
    release.put();
  }
}
