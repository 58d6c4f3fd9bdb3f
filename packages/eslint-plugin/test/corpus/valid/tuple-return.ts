import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

function pair(context: DmaFenceContext): [DriverFence, DmaFence] {
  const fence = context.createFence();
  return [fence, fence.get()];
}

export async function roundTrip(
  context: DmaFenceContext,
  send: (fence: DmaFence) => Promise<void>,
): Promise<number> {
  const [driver, consumer] = pair(context);
  try {
    await send(consumer);
    driver.signal();
    return consumer.timestamp ?? 0;
  } catch (error) {
    driver.fail(error as Error);
    return -1;
  } finally {
    consumer.put();
    driver.put();
  }
}

export function both(a: DmaFence, b: DmaFence, first: boolean): DmaFence {
  const [one, two] = [a.get(), b.get()];
  const [keep, drop] = first ? [one, two] : [two, one];
  drop.put();
  return keep;
}
