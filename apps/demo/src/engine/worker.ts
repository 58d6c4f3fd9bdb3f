import { parentPort, workerData } from 'node:worker_threads';
import { monotonicNow } from '../clock.js';
import { Executor } from './executor.js';
import type { EngineStart, RingEntry } from './ring.js';

/*
 * An engine's thread: takes jobs in order, one at a time. Messages bring the jobs; that one is over is told by the
 * engine's timeline in shared memory, to whoever waits for it in whatever thread.
 */

const executor = new Executor(workerData as EngineStart, monotonicNow, (note) =>
  parentPort?.postMessage(note),
);

parentPort?.on('message', (entry: RingEntry) => {
  executor.run(entry);
});
