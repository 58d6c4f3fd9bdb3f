// A banned queue drops the job, whose fence a dependant holds by now.
import { type DmaFence, type DmaFenceContext, fenceChain } from '@dma-fence/core';

interface Queue {
  readonly isBanned: boolean;
  head: DmaFence | undefined;
}

export function submit(queue: Queue, context: DmaFenceContext, point: number, run: () => void): void {
  using fence = context.createFence();
  const head = queue.head;
  queue.head = fenceChain(head, fence, point);
  head?.put();
  if (queue.isBanned) {
    fence.fail('ECANCELED');
    return;
  }
  run();
  fence.signal();
}
