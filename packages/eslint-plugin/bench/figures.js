/**
 * The figures that the README states: `figures.json`, one measurement for each Node line, and the table made of them.
 */
import { headOf, readMeasurements, record } from '../../../scripts/figures.js';

/**
 * @typedef {object} SubjectFigures
 * @property {string} name
 * @property {number} files
 * @property {number} lines
 * @property {number} shareOfRun of parsing, types and both plugins together
 * @property {number} toFloatingPromises of the time that `no-floating-promises` takes
 * @property {number | undefined} must what `shareOfRun` may be at most
 */

/**
 * @typedef {{ count: number, p50: number, p99: number, slowest: number, must: { p99: number } }} FunctionFigures milliseconds
 * @typedef {{ node: string, rounds: number, subjects: SubjectFigures[], functions: FunctionFigures }} Measurement
 */

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by Node, oldest first */
export const readFigures = () => readMeasurements(file);

/** @param {Measurement} measurement takes the place of the last one of the same Node line */
export const recordFigures = (measurement) => {
  record(file, measurement);
};

/** @param {number} share */
export const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 2 : 0)} %`;
/** @param {number} ms */
const short = (ms) => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;

/**
 * The README's table: what linting costs.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then two lines for each subject, then those of single functions
 */
export function costTable(measurements) {
  const [first] = measurements;
  /** @param {string} what @param {string} must @param {(one: Measurement) => string} figure */
  const line = (what, must, figure) => [what, must, ...measurements.map((one) => figure(one))];
  const subjects = (first?.subjects ?? []).flatMap(({ name, must }) => {
    /** @param {Measurement} one */
    const own = (one) => one.subjects.find((subject) => subject.name === name);
    return [
      line(`${name}: part of a typed lint run`, must === undefined ? '' : `≤ ${percent(must)}`, (one) =>
        percent(own(one)?.shareOfRun ?? Number.NaN),
      ),
      line('the same, in times of `no-floating-promises`', '', (one) =>
        (own(one)?.toFloatingPromises ?? Number.NaN).toFixed(2),
      ),
    ];
  });
  return [
    headOf(['all rules', 'must'], measurements),
    ...subjects,
    line('one function with fences around: median', '', ({ functions }) => short(functions.p50)),
    line(
      '99 % of them are done in',
      first === undefined ? '' : `≤ ${String(first.functions.must.p99)} ms`,
      (one) => short(one.functions.p99),
    ),
    line('the slowest', '', ({ functions }) => short(functions.slowest)),
  ];
}
