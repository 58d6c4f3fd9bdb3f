import { fileURLToPath } from 'node:url';
import { FenceError } from '@dma-fence/core';
import { SharedTimeline } from '@dma-fence/core/shared';
import { expectedError } from './expected.js';
import { reportOf, startWorker } from './worker.js';

const script = fileURLToPath(new URL('pipeline-worker.js', import.meta.url));

/**
 * @typedef {object} PipelineReport
 * @property {number} values how many values went through
 * @property {number[]} waited how many waits each consumer made, main thread last
 */

/**
 * One worker finishes values, three consume them: two block, one awaits; so does the main thread. Everybody checks the result of
 * every value it waits for against what it must be. Nobody gets more than a window ahead: the producer blocks on the consumers.
 *
 * @param {{ values: number; initialValue: number }} options
 * @returns {Promise<PipelineReport>}
 */
export async function runPipeline({ values, initialValue }) {
  const work = SharedTimeline.create({ driverName: 'stress', timelineName: 'work', initialValue });
  /** @type {('block' | 'await')[]} */
  const kinds = ['block', 'block', 'await'];
  const done = kinds.map((kind, i) =>
    SharedTimeline.create({ driverName: 'stress', timelineName: `${kind} ${String(i)}`, initialValue }),
  );
  const last = initialValue + values;
  const roles = [
    { role: 'produce', work: work.handle, consumers: done.map(({ readonlyHandle }) => readonlyHandle), last },
    ...kinds.map((role, i) => ({
      role,
      work: work.readonlyHandle,
      done: done[i]?.handle,
      step: 1 + i * 3,
      last,
    })),
  ];
  const workers = roles.map((workerData) => startWorker(script, workerData));
  const [mine, ...waited] = await Promise.all([
    consume(work, initialValue, last, 997),
    ...workers.map((worker) => reportOf(worker)),
  ]);
  const report = { values: work.value - initialValue, waited: [...waited.slice(1).map(Number), mine] };
  for (const timeline of [work, ...done]) timeline[Symbol.dispose]();
  return report;
}

/**
 * @param {unknown} error
 * @returns {string} the code of a fence's error
 */
export function codeOf(error) {
  if (error instanceof FenceError) return error.code;
  throw error;
}

/**
 * Awaits every `step`-th value and the last, and checks how it ended.
 *
 * @param {SharedTimeline} work
 * @param {number} first
 * @param {number} last
 * @param {number} step
 * @param {(value: number) => void} [done] told of each
 * @returns {Promise<number>} how many
 */
export async function consume(work, first, last, step, done) {
  let waits = 0;
  for (let value = first; value < last;) {
    value = Math.min(value + step, last);
    const fence = work.fenceAt(value);
    const code = await fence.wait().then(
      () => undefined,
      (/** @type {unknown} */ error) => codeOf(error),
    );
    // Far behind, an error may be forgotten; then it says so, and a success is never made of it.
    const expected = expectedError(value);
    if (code !== expected && !(expected !== undefined && code === 'EIO')) {
      throw new Error(`value ${String(value)}: ${String(code)} instead of ${String(expected)}`);
    }
    fence.put();
    waits++;
    done?.(value);
  }
  return waits;
}
