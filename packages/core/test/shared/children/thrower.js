import { workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

SharedTimeline.attach(/** @type {SharedTimelineHandle} */ (data)).advanceTo(1);
throw new Error('the decoder crashed');
