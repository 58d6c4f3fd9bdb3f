/**
 * What the queue costs beside its peers, as ratios within one run: `node bench/main.js [--record]`, after a build.
 *
 * Each row has processes of its own; the best round of a process counts, and the median process.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BOUNDS, costTable, readFigures, recordFigures } from './figures.js';
import { ROWS } from './rows.js';

const PROCESSES = Number(process.env['PROCESSES'] ?? 3);
const rows = fileURLToPath(new URL('rows.js', import.meta.url));

/** @type {Map<string, number[]>} */
const results = new Map(ROWS.map((row) => [row, []]));
for (let i = 0; i < PROCESSES; i++) {
  for (const row of ROWS) {
    const output = execFileSync(process.execPath, ['--expose-gc', rows, row], { encoding: 'utf8' });
    results.get(row)?.push(Number(output));
  }
}

/** @param {string} row */
function median(row) {
  const values = results.get(row)?.toSorted((a, b) => a - b) ?? [];
  return values[values.length >> 1] ?? NaN;
}

/** @param {string} one @param {string} other */
const ratio = (one, other) => median(one) / median(other);
/** @param {string} small @param {string} large @param {number} factor */
const exponent = (small, large, factor) => Math.log(ratio(large, small)) / Math.log(factor);

const values = [
  ratio('results: ours', 'results: p-limit'),
  ratio('idle: ours', 'idle: p-queue'),
  ratio('idle: ours', 'idle: async'),
  ratio('sync: ours', 'sync: fastq'),
  ratio('graph: ours', 'graph: promises'),
  exponent('graph 1e4', 'graph 1e6', 100),
  exponent('mixed 1e5', 'mixed 1e6', 10),
  median('bytes'),
];
const costs = Object.keys(BOUNDS).map((name, i) => ({ name, value: values[i] ?? NaN }));
for (const { name, value } of costs) {
  const { must, aim } = BOUNDS[name] ?? {};
  const verdict = must === undefined ? '' : value <= must ? 'ok' : 'ABOVE';
  console.log(
    `${name.padEnd(52)} ${value.toFixed(2).padStart(7)}  must ${String(must ?? '')} aim ${String(aim ?? '')} ${verdict}`,
  );
}
if (process.argv.includes('--record')) {
  recordFigures({ node: process.version.slice(1), costs });
  console.log(
    `\n${costTable(readFigures())
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n')}`,
  );
}
