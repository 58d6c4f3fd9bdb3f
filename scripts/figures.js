/**
 * What benches have measured: a JSON file beside each bench, one measurement for each Node line, from which pages make
 * their tables.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** @param {{ node: string }} measurement */
export const major = ({ node }) => Number.parseInt(node, 10);

/**
 * The head of a table with one column for each Node line.
 *
 * @param {string[]} columns those before it
 * @param {readonly { node: string }[]} measurements
 */
export const headOf = (columns, measurements) => [
  ...columns,
  ...measurements.map((measurement) => `Node ${String(major(measurement))}`),
];

/**
 * Writes aside, then renames: a run that is stopped leaves the file as it was.
 *
 * @param {string | URL} path a name is taken from the folder where the command was started
 * @param {unknown} value
 */
export function writeJson(path, value) {
  const aside = path instanceof URL ? new URL(`${path.href}.tmp`) : `${path}.tmp`;
  writeFileSync(aside, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(aside, path);
}

/**
 * The measurements in a file, oldest Node first; none where there is no file yet.
 *
 * @template {{ node: string }} M
 * @param {URL} file
 * @returns {M[]}
 */
export function readMeasurements(file) {
  return existsSync(file) ? /** @type {M[]} */ (JSON.parse(readFileSync(file, 'utf8'))) : [];
}

/**
 * Takes a whole measurement in, in the place of the last one of the same Node line.
 *
 * @param {URL} file
 * @param {{ node: string }} measurement
 */
export function record(file, measurement) {
  const others = readMeasurements(file).filter((other) => major(other) !== major(measurement));
  writeJson(
    file,
    [...others, measurement].sort((a, b) => major(a) - major(b)),
  );
}
