// A parameter taken apart is lent like the whole.
import type { DmaFence } from '@dma-fence/core';

interface Job {
  readonly id: number;
  readonly done: DmaFence;
}

export async function waitJob({ done }: Job): Promise<void> {
  await done.wait();
}

export function remember({ job: { id, done } }: { job: Job }, seen: Map<number, DmaFence>): void {
  seen.set(id, done.get());
}
