import { workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

// Finishes value 1 after a while. It is started unrefed: it keeps nobody alive.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
SharedTimeline.attach(/** @type {SharedTimelineHandle} */ (data)).advanceTo(1);
// Stays: it is not its end that wakes anybody.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
