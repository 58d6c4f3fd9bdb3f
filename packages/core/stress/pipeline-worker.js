import { parentPort, workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';
import { expectedError, WINDOW } from './expected.js';
import { codeOf, consume } from './pipeline.js';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

/**
 * @typedef {{ role: 'produce'; work: SharedTimelineHandle; consumers: SharedTimelineHandle[]; last: number }} Producer
 * @typedef {{ role: 'block' | 'await'; work: SharedTimelineHandle; done: SharedTimelineHandle; step: number; last: number }} Consumer
 */

const job = /** @type {Producer | Consumer} */ (data);
const work = SharedTimeline.attach(job.work);

/** @param {Producer} producer */
function produce({ consumers, last }) {
  const ends = consumers.map((handle) => SharedTimeline.attach(handle));
  const first = work.value;
  for (let value = work.reserve(); value <= last; value = work.reserve()) {
    if (value % 256 === 0 && value - WINDOW > first) {
      for (const end of ends) end.waitSync(value - WINDOW);
    }
    work.advanceTo(value, expectedError(value));
    if (value === last) return value;
  }
  return last;
}

/** @param {Consumer} consumer */
function block({ done, step, last }) {
  const own = SharedTimeline.attach(done);
  let waits = 0;
  for (let value = own.value; value < last;) {
    value = Math.min(value + step, last);
    /** @type {string | undefined} */
    let code;
    try {
      work.waitSync(value);
    } catch (error) {
      code = codeOf(error);
    }
    if (code !== expectedError(value)) {
      throw new Error(`value ${String(value)}: ${String(code)} instead of ${String(expectedError(value))}`);
    }
    own.advanceTo(value);
    waits++;
  }
  return waits;
}

if (job.role === 'produce') {
  parentPort?.postMessage(produce(job));
} else if (job.role === 'block') {
  parentPort?.postMessage(block(job));
} else {
  const own = SharedTimeline.attach(job.done);
  const waits = await consume(work, own.value, job.last, job.step, (value) => {
    own.advanceTo(value);
  });
  parentPort?.postMessage(waits);
}
