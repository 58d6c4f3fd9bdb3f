// Another thread of `trace-context.test.ts`: blocks for value 1 of a shared timeline, and traces nothing. Runs what is published.
import { SharedTimeline } from '@dma-fence/core/shared';
import { workerData } from 'node:worker_threads';

/** @type {unknown} */
const given = workerData;

SharedTimeline.attach(/** @type {import('@dma-fence/core/shared').SharedTimelineHandle} */ (given)).waitSync(
  1,
);
