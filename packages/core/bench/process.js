/**
 * One fresh process: warms one variant up, measures it, prints one number.
 *
 * A row of time gives `batch`, which does `size` pieces of work; the figure is the fastest tenth of the batches, in
 * nanoseconds a piece. Not the median: two threads of a core share its units, and a neighbour on the other one slows a
 * variant by half for a quarter of a second at a time, whichever variant that happens to be. The fastest tenth had the core
 * for themselves.
 * A row of memory gives `retained`, which makes `size` pieces and returns what keeps them alive; the figure is bytes a piece.
 */
import { rows } from './rows/index.js';

const WARM_UP_MS = 350;
const MEASURE_MS = 350;

const [rowName, variantName] = process.argv.slice(2);
const row = rows.find(({ name }) => name === rowName);
const variant = row?.variants[variantName ?? ''];
if (row === undefined || variant === undefined)
  throw new Error(`no variant ${String(variantName)} of ${String(rowName)}`);
const { gc } = globalThis;
if (gc === undefined) throw new Error('start it with --expose-gc');

/**
 * @param {() => void | Promise<void>} batch
 * @param {number} ms
 */
async function batches(batch, ms) {
  const times = [];
  const end = performance.now() + ms;
  while (performance.now() < end || times.length < 5) {
    const from = process.hrtime.bigint();
    const pending = batch();
    if (pending !== undefined) await pending;
    times.push(Number(process.hrtime.bigint() - from));
  }
  return times;
}

/** @param {number[]} list */
const fastestTenth = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 10)] ?? 0;

/** Heap and external bytes after everything unreachable is gone. */
async function used() {
  for (let i = 0; i < 4; i++) {
    gc?.();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let figure;
if (row.unit === 'ns') {
  const batch = await /** @type {() => import('./row.js').Batch | Promise<import('./row.js').Batch>} */ (
    variant
  )();
  await batches(batch, WARM_UP_MS);
  gc();
  figure = fastestTenth(await batches(batch, MEASURE_MS)) / row.size;
} else {
  const make = /** @type {import('./row.js').Retained} */ (variant);
  // The first round compiles and fills caches; it must not count.
  let kept = await make(Math.min(row.size, 1000));
  kept = undefined;
  const before = await used();
  kept = await make(row.size);
  figure = ((await used()) - before) / row.size;
  if (kept === undefined) throw new Error('nothing was kept');
}
console.log(JSON.stringify(figure));
