import type { DmaFence } from '@dma-fence/core';

interface Worker {
  run(part: number): Promise<void>;
}

/** One reference a part, given back by the part whatever becomes of it. */
export async function fanOut(workers: readonly Worker[], fence: DmaFence): Promise<void> {
  await Promise.all(
    workers.map(async (worker, index) => {
      // reports no-fence-leak
      const held = fence.get();
      try {
        await held.wait();
        await worker.run(index);
      } catch {
        return;
      }
      held.put();
    }),
  );
}
