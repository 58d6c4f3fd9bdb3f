/**
 * The figures that the README states: `figures.json`, one measurement for each Node, and the table made of them.
 */
import { headOf, readMeasurements, record } from '../../../scripts/figures.js';

/**
 * @typedef {{ name: string, figure: number, ratio: number, from: number, to: number }} Figure
 * @typedef {{ row: string, unit: string, must?: number | undefined, aim?: number | undefined, absolute: boolean, variants: Figure[] }} RowFigures
 * @typedef {{ node: string, v8: string, runs: number, rows: RowFigures[] }} Measurement
 */

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by Node, oldest first */
export const readFigures = () => readMeasurements(file);

/** @param {Measurement} measurement takes the place of the last one of the same Node line */
export const recordFigures = (measurement) => {
  record(file, measurement);
};

/** @param {number} figure */
const short = (figure) => (figure >= 10 ? figure.toFixed(0) : figure.toFixed(2));

/**
 * The README's table: what a fence costs, as a ratio to the first variant of the row, or in bytes.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then one line for each row that has a bound
 */
export function costTable(measurements) {
  const head = headOf(['', 'measured against', 'must'], measurements);
  const lines = (measurements[0]?.rows ?? [])
    .filter(({ must }) => must !== undefined)
    .map((row) => [
      row.row,
      row.absolute ? 'bytes' : (row.variants[0]?.name ?? ''),
      `≤ ${String(row.must)}`,
      ...measurements.map(({ rows }) => {
        const same = rows.find(({ row: name }) => name === row.row);
        const fence = same?.variants.find(({ name }) => name === 'fence');
        if (fence === undefined) return '';
        // Memory that shrank meanwhile is noise.
        return short(Math.max(0, row.absolute ? fence.figure : fence.ratio));
      }),
    ]);
  return [head, ...lines];
}

/** @param {number} ns */
const time = (ns) => (ns < 1000 ? `${ns.toFixed(0)} ns` : `${(ns / 1000).toFixed(1)} µs`);

/**
 * The table of `docs/debugging.md`: what the runtime checks cost a fence's life, and how many times that is of one without them.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then one line for each way that a check can be on
 */
export function checksTable(measurements) {
  const checks = (measurements[0]?.rows ?? []).filter(({ row }) => /^(validator|trackFences)/.test(row));
  const lines = checks.flatMap(({ row, variants }) =>
    variants.slice(1).map(({ name }) => [
      name === 'fence' ? row : `the same, ${name}`,
      ...measurements.map(({ rows }) => {
        const same = rows.find((other) => other.row === row)?.variants.find((other) => other.name === name);
        return same === undefined ? '' : `${time(same.figure)}, ${short(same.ratio)}`;
      }),
    ]),
  );
  return [headOf(['a life, and its ratio to one without'], measurements), ...lines];
}
