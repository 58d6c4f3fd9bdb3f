import { workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

const error = Object.assign(new TypeError('Expected positive integer for width'), { code: 'ERR_WIDTH' });
SharedTimeline.attach(/** @type {SharedTimelineHandle} */ (data)).advanceTo(1, error);
