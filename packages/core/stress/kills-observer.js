import { parentPort, workerData } from 'node:worker_threads';
import { FenceError } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** Blocks on one value after the other, until the timeline is canceled. */
const work = SharedTimeline.attach(
  /** @type {import('@dma-fence/core/shared').SharedTimelineHandle} */ (data),
);
const tally = { seen: 0, ok: 0, failed: 0, canceled: 0, told: 0 };
for (let value = 2 ** 32 - 5000 + 1; ; value++) {
  try {
    work.waitSync(value);
    tally.ok++;
  } catch (error) {
    if (!(error instanceof FenceError)) throw error;
    if (error.code === 'ENODEV') break;
    if (error.code === 'ECANCELED') tally.canceled++;
    else {
      tally.failed++;
      // What it says is of the advance that failed it, or of nobody: a worker may die between the two.
      if (error.cause instanceof Error) {
        const of = Number(error.cause.message.replace('broken ', ''));
        if (!(of >= value)) throw new Error(`value ${String(value)} says ${error.cause.message}`);
        tally.told++;
      }
    }
  }
  tally.seen++;
}
parentPort?.postMessage(tally);
