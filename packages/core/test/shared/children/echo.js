import { workerData } from 'node:worker_threads';
import { FenceError } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

const handles = /** @type {Record<'request' | 'reply', SharedTimelineHandle>} */ (data);
const request = SharedTimeline.attach(handles.request);
const reply = SharedTimeline.attach(handles.reply);

// Finishes for each request a reply, with what the request ended with, until the test disposes of the timelines: that
// cancels whatever this does at the moment.
for (let value = 0; ;) {
  try {
    value = reply.reserve();
    request.waitSync(value);
    reply.advanceTo(value);
  } catch (error) {
    if (!(error instanceof FenceError) || error.code === 'ECANCELED') break;
    reply.advanceTo(value, error);
  }
}
