import { type DmaFence, type DmaFenceContext, type DriverFence, waitAny } from '@dma-fence/core';

interface Queue {
  submit(frame: number, done: (error?: Error) => void): void;
}

/** At most two frames on their way; the oldest is waited for. */
export async function renderLoop(
  context: DmaFenceContext,
  queue: Queue,
  isRunning: () => boolean,
): Promise<void> {
  const inFlight: DmaFence[] = [];
  let frame = 0;
  try {
    while (isRunning()) {
      if (inFlight.length >= 2) {
        await waitAny(inFlight, { timeoutMs: 1000 });
        const oldest = inFlight.shift();
        oldest?.put();
      }
      // reports no-fence-leak
      const fence: DriverFence = context.createFence();
      frame += 1;
      if (frame % 60 === 0) {
        fence.signal();
        continue;
      }
      queue.submit(frame, (error) => {
        if (error) fence.fail(error);
        else fence.signal();
      });
      inFlight.push(fence);
    }
  } finally {
    for (const fence of inFlight) fence.put();
  }
}
