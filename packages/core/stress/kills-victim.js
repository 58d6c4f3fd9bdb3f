import { workerData } from 'node:worker_threads';
import { SharedTimeline } from '@dma-fence/core/shared';
import { generator } from './kills.js';

/** @type {unknown} */
const data = workerData;

/** @import { SharedTimelineHandle } from '@dma-fence/core/shared' */

const { handle, seed } = /** @type {{ handle: SharedTimelineHandle; seed: number }} */ (data);
const work = SharedTimeline.attach(handle);
const random = generator(seed);

/** Finishes and fails values until it is killed; now and then it owes a few at once, or falls asleep in a wait. */
for (;;) {
  const kind = random() % 64;
  const value = work.reserve();
  if (kind === 0) for (let more = random() % 8; more > 0; more--) work.reserve();
  if (kind === 1) {
    try {
      work.waitSync(work.reserved, { timeoutMs: 0.2 });
    } catch {
      // Nobody else finishes it: it times out, or the worker dies asleep.
    }
  }
  if (value > work.value) work.advanceTo(value, kind < 32 ? undefined : new Error(`broken ${String(value)}`));
  // Errors are rare in proportion to how many are remembered: the observer must not fall behind the ring.
  try {
    work.waitSync(value + 1, { timeoutMs: 0.05 });
  } catch {
    // A pause.
  }
}
