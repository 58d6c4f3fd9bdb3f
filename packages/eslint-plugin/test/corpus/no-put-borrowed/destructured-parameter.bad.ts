// A parameter taken apart is lent like the whole.
import type { DmaFence } from '@dma-fence/core';

interface Job {
  readonly id: number;
  readonly done: DmaFence;
}

export async function waitJob({ done }: Job): Promise<void> {
  await done.wait();
  // reports no-put-borrowed
  done.put();
}

export function remember({ job: { id, done } }: { job: Job }, seen: Map<number, DmaFence>): void {
  // reports require-get-on-store
  seen.set(id, done);
}
