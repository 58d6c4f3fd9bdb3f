/**
 * The rows of the bench: each runs once in a process of its own, and answers how long it took, or how many bytes it kept.
 */
import { DmaFenceContext } from '@dma-fence/core';
import { JobQueue } from '@dma-fence/queue';
import { queue as asyncQueue } from 'async';
import fastq from 'fastq';
import pLimit from 'p-limit';
import PQueue from 'p-queue';

const JOBS = 100_000;
const CONCURRENCY = 4;

const noop = () => Promise.resolve();

/** @param {{ credits?: number }} [options] */
const queueOf = (options) =>
  new JobQueue({ driverName: 'bench', timelineName: 'jobs', credits: CONCURRENCY, ...options });

/** @param {(i: number) => Promise<unknown>} start */
const all = (start) => Promise.all(Array.from({ length: JOBS }, (_, i) => start(i)));

/** The graph: each job depends on the two before it at these distances. */
const DISTANCES = [1, 7];

/** @type {Readonly<Record<string, () => Promise<unknown>>>} each is timed as a whole */
const TIMED = {
  'results: ours': () => {
    const queue = queueOf();
    return all(() => queue.submit(noop).result());
  },
  'results: p-limit': () => {
    const limit = pLimit(CONCURRENCY);
    return all(() => limit(noop));
  },
  'idle: ours': () => {
    const queue = queueOf();
    for (let i = 0; i < JOBS; i++) queue.submit(noop);
    return queue.idle();
  },
  'idle: p-queue': () => {
    const queue = new PQueue({ concurrency: CONCURRENCY });
    for (let i = 0; i < JOBS; i++) void queue.add(noop);
    return queue.onIdle();
  },
  'idle: async': () => {
    const queue = asyncQueue((/** @type {number} */ _task, done) => {
      void noop().then(done);
    }, CONCURRENCY);
    for (let i = 0; i < JOBS; i++) void queue.push(i);
    return queue.drain();
  },
  'sync: ours': () => {
    const queue = queueOf();
    return all((i) => queue.submit(() => i).result());
  },
  'sync: fastq': () => {
    const queue = fastq.promise((/** @type {number} */ i) => Promise.resolve(i), CONCURRENCY);
    return all((i) => queue.push(i));
  },
  'graph: ours': () => graph(JOBS),
  'graph: promises': async () => {
    /** @type {Promise<unknown>[]} */
    const jobs = [];
    for (let i = 0; i < JOBS; i++) {
      const after = DISTANCES.flatMap((distance) => jobs[i - distance] ?? []);
      jobs.push(Promise.all(after).then(() => undefined));
    }
    await Promise.all(jobs);
  },
  'mixed 1e5': () => mixed(100_000),
  'mixed 1e6': () => mixed(1_000_000),
  'graph 1e4': () => graph(10_000),
  'graph 1e6': () => graph(1_000_000),
};

/** @param {number} count */
async function graph(count) {
  const queue = queueOf();
  /** @type {import('@dma-fence/queue').Job[]} */
  const jobs = [];
  const pause = queue.pause();
  for (let i = 0; i < count; i++) {
    const after = DISTANCES.flatMap((distance) => jobs[i - distance] ?? []);
    jobs.push(queue.submit(() => undefined, { after }));
  }
  pause[Symbol.dispose]();
  await queue.idle();
}

/** @param {number} count */
async function mixed(count) {
  const queue = queueOf();
  const priorities = /** @type {const} */ (['low', 'normal', 'high', 'kernel']);
  const pause = queue.pause();
  for (let i = 0; i < count; i++) {
    const random = (i * 2654435761) % 4294967296;
    queue.submit(() => undefined, { priority: priorities[random % 4], deadline: random });
  }
  pause[Symbol.dispose]();
  await queue.idle();
}

/** Bytes that a waiting job with one dependency keeps: all depend on one fence. */
function bytes() {
  const { gc } = /** @type {{ gc?: () => void }} */ (globalThis);
  const queue = queueOf();
  const fence = new DmaFenceContext({ driverName: 'bench', timelineName: 'gate' }).createFence();
  const after = [fence];
  const work = () => undefined;
  for (let i = 0; i < 1000; i++) queue.submit(work, { after });
  gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < JOBS; i++) queue.submit(work, { after });
  gc?.();
  const kept = (process.memoryUsage().heapUsed - before) / JOBS;
  fence.signal();
  fence.put();
  return kept;
}

export const ROWS = [...Object.keys(TIMED), 'bytes'];

const [, , row] = process.argv;
if (
  row !== undefined &&
  import.meta.filename.endsWith('rows.js') &&
  process.argv[1]?.endsWith('rows.js') === true
) {
  if (row === 'bytes') console.log(bytes());
  else {
    const run = TIMED[row];
    if (run === undefined) throw new Error(`no row ${row}`);
    // Compiled, as it is in a program that does it more than once; the best of a few.
    let best = Infinity;
    for (let round = 0; round < (row.endsWith('1e6') ? 1 : 4); round++) {
      /** @type {{ gc?: () => void }} */ (globalThis).gc?.();
      // Processor time, not the clock: others may be using the machine.
      const began = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(began);
      best = Math.min(best, (user + system) / 1000);
    }
    console.log(best);
  }
}
