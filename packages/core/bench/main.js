/**
 * Measures the cost table: each variant in fresh processes, the variants of a row taking turns; prints ratios.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { writeJson } from '../../../scripts/figures.js';
import { recordFigures } from './figures.js';
import { rows } from './rows/index.js';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '7' }, json: { type: 'string' }, record: { type: 'boolean' } },
  allowPositionals: true,
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1)
  throw new RangeError(`--runs must be an integer from 1, not ${values.runs}`);
const chosen = rows.filter(
  ({ name }) => positionals.length === 0 || positionals.some((begin) => name.startsWith(begin)),
);
if (chosen.length === 0)
  throw new RangeError(
    `no row begins with ${positionals.join(' or ')}; rows: ${rows.map(({ name }) => name).join('; ')}`,
  );

const script = fileURLToPath(new URL('process.js', import.meta.url));

/**
 * @param {string} row
 * @param {string} variant
 * @returns {number}
 */
function measure(row, variant) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', script, row, variant], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${row}, ${variant}: ${stderr}`);
  return Number(stdout);
}

/**
 * What is not the variant's own only ever adds to its time: the least of several processes is nearest to it.
 *
 * @param {number[]} list
 */
const least = (list) => Math.min(...list);

/** @param {number[]} list */
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? NaN;

const results = [];
const missed = [];
const table = new Table({
  head: ['', 'figure', 'ratio', 'range', 'must', 'aim'],
  colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [], compact: true },
});
for (const row of chosen) {
  const names = Object.keys(row.variants);
  /** @type {Map<string, number[]>} */
  const figures = new Map(names.map((name) => [name, []]));
  for (let run = 0; run < runs; run++)
    for (const name of names) figures.get(name)?.push(measure(row.name, name));
  const baseline = figures.get(names[0] ?? '') ?? [];
  table.push([{ content: `${row.name} [${row.unit}]`, colSpan: 6 }]);
  // Memory is no time: what disturbs it goes either way.
  const typical = row.unit === 'ns' ? least : median;
  const variants = names.map((name) => {
    const own = figures.get(name) ?? [];
    const ratios = own.map((figure, run) => figure / (baseline[run] ?? NaN));
    return {
      name,
      figure: typical(own),
      ratio: typical(own) / typical(baseline),
      from: Math.min(...ratios),
      to: Math.max(...ratios),
    };
  });
  for (const { name, figure, ratio, from, to } of variants) {
    const bound = name === 'fence' ? row : undefined;
    const compared = row.absolute === true ? figure : ratio;
    if (bound?.must !== undefined && compared > bound.must)
      missed.push(`${row.name}: ${compared.toFixed(2)} > ${String(bound.must)}`);
    table.push([
      `  ${name}`,
      figure.toFixed(1),
      ratio.toFixed(2),
      `${from.toFixed(2)}–${to.toFixed(2)}`,
      bound?.must === undefined ? '' : `≤ ${String(bound.must)}`,
      bound?.aim === undefined ? '' : `≤ ${String(bound.aim)}`,
    ]);
  }
  results.push({
    row: row.name,
    unit: row.unit,
    must: row.must,
    aim: row.aim,
    absolute: row.absolute === true,
    variants,
  });
}
console.log(`Node ${process.versions.node}, V8 ${process.versions.v8}, ${String(runs)} processes a variant`);
console.log(table.toString());
const measurement = { node: process.versions.node, v8: process.versions.v8, runs, rows: results };
if (values.json !== undefined) writeJson(values.json, measurement);
if (values.record === true) {
  if (chosen.length < rows.length) throw new RangeError('--record takes all rows: name none');
  recordFigures(measurement);
}
for (const line of missed) console.log(`missed: ${line}`);
process.exitCode = missed.length === 0 ? 0 : 1;
