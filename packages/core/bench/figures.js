/**
 * The figures that the README states: `figures.json`, one measurement for each Node, and the table made of them.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, figure: number, ratio: number, from: number, to: number }} Figure
 * @typedef {{ row: string, unit: string, must?: number | undefined, aim?: number | undefined, absolute: boolean, variants: Figure[] }} RowFigures
 * @typedef {{ node: string, v8: string, runs: number, rows: RowFigures[] }} Measurement
 */

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by Node, oldest first */
export function readFigures() {
  return existsSync(file) ? /** @type {Measurement[]} */ (JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/** @param {string} node */
const major = (node) => Number.parseInt(node, 10);

/**
 * Writes aside, then renames: a run that is stopped leaves the file as it was.
 *
 * @param {string | URL} path
 * @param {unknown} value
 */
export function writeJson(path, value) {
  const aside = new URL(`${String(path)}.tmp`, file);
  writeFileSync(aside, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(aside, new URL(path, file));
}

/**
 * Takes a whole measurement in, in the place of the last one of the same Node line.
 *
 * @param {Measurement} measurement
 */
export function record(measurement) {
  const others = readFigures().filter(({ node }) => major(node) !== major(measurement.node));
  writeJson(
    file,
    [...others, measurement].sort((a, b) => major(a.node) - major(b.node)),
  );
}

/** @param {number} figure */
const short = (figure) => (figure >= 10 ? figure.toFixed(0) : figure.toFixed(2));

/**
 * The README's table: what a fence costs, as a ratio to the first variant of the row, or in bytes.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then one line for each row that has a bound
 */
export function costTable(measurements) {
  const head = ['', 'measured against', 'must', ...measurements.map(({ node }) => `Node ${major(node)}`)];
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
