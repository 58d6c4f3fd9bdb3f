import { parentPort, workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

const timeline = SharedTimeline.attach(/** @type {SharedTimelineHandle} */ (data));
parentPort?.postMessage('about to block');
timeline.waitSync(1);
