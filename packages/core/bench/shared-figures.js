/**
 * The figures that `docs/threads.md` states: `shared-figures.json`, one measurement for each Node line, and the table made of them.
 */
import { headOf, readMeasurements, record } from '../../../scripts/figures.js';

/**
 * @typedef {{ way: string; p50: number; p99: number }} Latency one way, in microseconds
 * @typedef {{ what: string; ratio: number; must?: number | undefined }} Verdict
 * @typedef {{ waiting: number; advancesPerSecond: number }} Throughput
 * @typedef {{ node: string; v8: string; latencies: Latency[]; verdicts: Verdict[]; throughput: Throughput[] }} SharedMeasurement
 */

const file = new URL('shared-figures.json', import.meta.url);

/** @returns {SharedMeasurement[]} by Node, oldest first */
export const readSharedFigures = () => readMeasurements(file);

/** @param {SharedMeasurement} measurement takes the place of the last one of the same Node line */
export const recordShared = (measurement) => {
  record(file, measurement);
};

/**
 * What stands in the guide.
 *
 * @param {readonly SharedMeasurement[]} measurements
 * @returns {string[][]} head, ratios, latencies, throughput
 */
export function sharedTable(measurements) {
  const [first] = measurements;
  const head = headOf(['', 'must'], measurements);
  const ratios = (first?.verdicts ?? []).map(({ what, must }, i) => [
    what,
    must === undefined ? '' : `≤ ${String(must)}`,
    ...measurements.map(({ verdicts }) => (verdicts[i]?.ratio ?? Number.NaN).toFixed(2)),
  ]);
  const latencies = (first?.latencies ?? []).map(({ way }, i) => [
    `${way}, µs: p50, p99`,
    '',
    ...measurements.map(({ latencies: own }) =>
      [own[i]?.p50, own[i]?.p99].map((us) => (us ?? Number.NaN).toFixed(1)).join(', '),
    ),
  ]);
  const throughput = (first?.throughput ?? []).map(({ waiting }, i) => [
    `advances a second, waiting threads: ${String(waiting)}`,
    '',
    ...measurements.map(
      ({ throughput: own }) => `${((own[i]?.advancesPerSecond ?? Number.NaN) / 1e6).toFixed(1)} million`,
    ),
  ]);
  return [head, ...ratios, ...latencies, ...throughput];
}
