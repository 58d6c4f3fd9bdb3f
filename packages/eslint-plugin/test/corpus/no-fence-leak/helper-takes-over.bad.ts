import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Job {
  readonly size: number;
  readonly fence: DmaFence;
}

const backlog: Job[] = [];

/** Not exported: takes over the reference. */
function enqueue(fence: DmaFence, size: number): boolean {
  if (backlog.length > 64) {
    return false;
  }
  backlog.push({ size, fence });
  return true;
}

function arm(fence: DriverFence, after: number): void {
  setTimeout(() => {
    fence.signal();
    fence.put();
  }, after);
}

export function start(context: DmaFenceContext, sizes: readonly number[]): number {
  let started = 0;
  for (const size of sizes) {
    // reports no-fence-leak
    const fence = context.createFence();
    arm(fence.get(), size);
    if (!enqueue(fence, size)) break;
    started += 1;
  }
  return started;
}
