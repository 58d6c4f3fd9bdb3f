import { parentPort, workerData } from 'node:worker_threads';
import { monotonicNow } from './clock.js';
import { PASSES } from './pass.js';
import { STATUS_PAGE, type EngineStart, type Interrupt, type RingEntry, type Work } from './ring.js';
import { BYTES_PER_PIXEL, pixelsOf } from './surface.js';

/*
 * An engine's thread: takes jobs in order, one at a time, and raises an interrupt after each. It knows
 * nothing of fences; that a job may run is decided before it comes here.
 */

const status = new Int32Array((workerData as EngineStart).status);

parentPort?.on('message', ({ seqno, work }: RingEntry) => {
  Atomics.store(status, STATUS_PAGE.BEGAN, seqno);
  const startedAt = monotonicNow();
  let failure: string | undefined;
  try {
    run(work);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const interrupt: Interrupt = { seqno, startedAt, endedAt: monotonicNow(), failure };
  // A failed job is not finished: if the thread dies before its message arrives, the page must not vouch for it.
  if (failure === undefined) Atomics.store(status, STATUS_PAGE.FINISHED, seqno);
  parentPort?.postMessage(interrupt);
});

function run({ pass, pixels, size, band, mischief }: Work): void {
  const chosen = PASSES[pass];
  if (chosen === undefined) throw new Error(`there is no pass ${String(pass)}`);
  const views = pixelsOf(pixels, size);
  if (mischief !== undefined) {
    // Whatever goes wrong leaves a mess behind, which nobody may take for a result.
    const row = size.width * BYTES_PER_PIXEL[chosen.writes];
    views[chosen.writes].fill(0xa5, band.top * row, band.bottom * row);
    if (mischief === 'throw') throw new Error(`chaos: ${chosen.name} threw`);
    if (mischief === 'die') process.exit(70);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  chosen.run(views, size, band);
}
