import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

const crane = new DmaFenceContext({ driverName: 'crane', timelineName: 'lifts' });

function lift(kilos: number): DmaFence {
  return crane.run(async () => {
    await sleep(1);
    if (kilos > 1000) throw new RangeError(`${kilos} kg are too heavy`);
  });
}

/** Unloads from the top; stops before the first load that is too heavy. */
export async function unload(loads: readonly number[]): Promise<number> {
  const stack: DmaFence[] = loads.map((kilos) => lift(kilos));
  let lifted = 0;
  let top = stack.pop();
  while (top) {
    await top.wait().catch(() => {});
    if (top.error) {
      console.log('stopped:', top.error.message);
      top.put();
      break;
    }
    lifted++;
    top.put();
    top = stack.pop();
  }
  for (const waiting of stack) waiting.put();
  stack.length = 0;
  return lifted;
}

async function day(shifts: readonly (readonly number[])[]): Promise<number> {
  let total = 0;
  for (const loads of shifts) {
    total += await unload(loads);
    await sleep(2);
  }
  return total;
}
