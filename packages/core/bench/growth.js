/**
 * How the cost of containers, and of what many do at once to one thing, grows: `node bench/growth.js` measures each piece of
 * work for n = 10, 100, 1000, 10,000 and, of the latter, 100,000, every variant in a fresh process, and prints the time a
 * piece, the ratio to promises at the largest n, and the fitted exponent of the whole (1: linear). It exits 1 when a fence's
 * exponent is above `LINEAR`, or `LINEAR_TO_MANY` and that of promises. `node bench/growth.js waits` measures the rows that begin so.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { family } from './rows/family.js';
import { queues } from './rows/queues.js';

const SIZES = [10, 100, 1000, 10_000];
/** Of what many do at once to one thing. */
const MANY = [...SIZES, 100_000];
const MEASURE_MS = 300;
/** Memory that grows out of the caches costs a little more a piece; a quadratic part would show as far more. */
const LINEAR = 1.2;
const LINEAR_TO_MANY = 1.1;
const NOISE = 0.05;

const rows = { ...family, ...queues };

/** @param {string} row */
const sizesOf = (row) => (row in queues ? MANY : SIZES);

/**
 * Milliseconds of processor time a batch: what else the machine is doing does not count, collecting garbage does.
 *
 * @param {import('./row.js').Batch} batch
 * @param {number} ms
 */
async function measure(batch, ms) {
  const end = performance.now() + ms;
  const from = process.cpuUsage();
  let batches = 0;
  while (performance.now() < end || batches < 3) {
    await batch();
    batches++;
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000 / batches;
}

/**
 * The exponent of a power law through the points, by least squares of the logarithms.
 *
 * @param {readonly number[]} times
 * @param {readonly number[]} sizes
 */
function exponent(times, sizes) {
  const points = times.map((time, i) => [Math.log(sizes[i] ?? 1), Math.log(time)]);
  const mean = (/** @type {0 | 1} */ axis) =>
    points.reduce((sum, point) => sum + (point[axis] ?? 0), 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  let [top, bottom] = [0, 0];
  for (const [px = 0, py = 0] of points) {
    top += (px - x) * (py - y);
    bottom += (px - x) ** 2;
  }
  return top / bottom;
}

/**
 * What a fresh process measures.
 *
 * @param {string} row
 * @param {string} one
 * @returns {number[]}
 */
function timesOf(row, one) {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), row, one], {
    encoding: 'utf8',
  });
  const times = /** @type {unknown} */ (JSON.parse(output));
  return /** @type {number[]} */ (times);
}

const [name, variant] = process.argv.slice(2);
if (name !== undefined && variant !== undefined) {
  const make = rows[name]?.[variant === 'fence' ? 'fence' : 'promise'];
  if (make === undefined) throw new Error(`no ${name}`);
  const times = [];
  for (const size of sizesOf(name)) {
    const batch = make(size);
    await measure(batch, MEASURE_MS);
    times.push(await measure(batch, MEASURE_MS));
  }
  console.log(JSON.stringify(times));
} else {
  for (const row of Object.keys(rows)) {
    if (name !== undefined && !row.startsWith(name)) continue;
    const sizes = sizesOf(row);
    const [promise = [], fence = []] = ['promise', 'fence'].map((one) => timesOf(row, one));
    const pieces = fence.map((time, i) => `${((time * 1e6) / (sizes[i] ?? 1)).toFixed(0)} ns`).join(', ');
    const ratio = (fence.at(-1) ?? 0) / (promise.at(-1) ?? 1);
    const grows = exponent(fence, sizes);
    console.log(
      `${row}: a piece ${pieces}; ${ratio.toFixed(2)} of promises at ${String(sizes.at(-1))}; exponent ${grows.toFixed(2)} (promises ${exponent(promise, sizes).toFixed(2)})`,
    );
    // A hundred thousand promises leave the caches too.
    const linear = row in queues ? Math.max(LINEAR_TO_MANY, exponent(promise, sizes) + NOISE) : LINEAR;
    if (grows > linear) process.exitCode = 1;
  }
}
