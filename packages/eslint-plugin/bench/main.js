/**
 * What linting costs: all rules of this plugin against `@typescript-eslint/no-floating-promises`, on the same files in
 * the same run; and the analysis of single functions. `--record` takes the figures into `figures.json`. Exits with 1 where
 * a bound is missed.
 */
import { parseArgs } from 'node:util';
import { writeJson } from '../../../scripts/figures.js';
import { percent, recordFigures } from './figures.js';
import { functionTimes } from './functions.js';
import { lintTimes } from './lint.js';
import { SUBJECTS } from './subjects.js';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    record: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new RangeError(`--rounds must be an integer from 1, not ${values.rounds}`);

/** @param {readonly number[]} list */
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? NaN;

const subjects = SUBJECTS.map((subject) => {
  const runs = Array.from({ length: rounds }, () => lintTimes(subject));
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was measured');
  const { files, lines } = first;
  return {
    name: subject.name,
    files,
    lines,
    /** Of parsing, types and both plugins together. */
    shareOfRun: median(runs.map(({ ours, whole }) => ours / whole)),
    /** Of the time that `no-floating-promises` takes. */
    toFloatingPromises: median(runs.map(({ ours, floating }) => ours / floating)),
    must: subject.must,
  };
});
const times = functionTimes(SUBJECTS.filter(({ hasFences }) => hasFences)).sort((a, b) => a - b);
/** @param {number} share */
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
const functions = { count: times.length, p50: at(0.5), p99: at(0.99), slowest: at(1), must: { p99: 5 } };

console.log(`Node ${process.versions.node}, ${String(rounds)} rounds`);
for (const { name, files, lines, shareOfRun, toFloatingPromises } of subjects) {
  console.log(
    `${name} (${String(files)} files, ${String(lines)} lines): ${percent(shareOfRun)} of the run, ${toFloatingPromises.toFixed(2)} of no-floating-promises`,
  );
}
console.log(
  `${String(functions.count)} functions with fences around: median ${functions.p50.toFixed(3)} ms, 99 % under ${functions.p99.toFixed(2)} ms, slowest ${functions.slowest.toFixed(1)} ms`,
);

const missed = [
  ...subjects.flatMap(({ name, shareOfRun, must }) =>
    must !== undefined && shareOfRun > must ? [`${name}: ${percent(shareOfRun)} > ${percent(must)}`] : [],
  ),
  ...(functions.p99 > functions.must.p99 ? [`99 % of functions: ${functions.p99.toFixed(2)} ms > 5 ms`] : []),
];
const measurement = { node: process.versions.node, rounds, subjects, functions };
if (values.json !== undefined) writeJson(values.json, measurement);
if (values.record === true) recordFigures(measurement);
for (const line of missed) console.log(`missed: ${line}`);
process.exitCode = missed.length === 0 ? 0 : 1;
