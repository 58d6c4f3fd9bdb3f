import { parentPort, workerData } from 'node:worker_threads';
import { FenceError } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** Blocks on one value after the other, until the timeline is canceled. */
const work = SharedTimeline.attach(
  /** @type {import('@dma-fence/core/shared').SharedTimelineHandle} */ (data),
);
const tally = { seen: 0, ok: 0, failed: 0, canceled: 0 };
for (let value = 2 ** 32 - 5000 + 1; ; value++) {
  try {
    work.waitSync(value);
    tally.ok++;
  } catch (error) {
    if (!(error instanceof FenceError)) throw error;
    if (error.code === 'ENODEV') break;
    if (error.code === 'ECANCELED') tally.canceled++;
    else tally.failed++;
  }
  tally.seen++;
}
parentPort?.postMessage(tally);
