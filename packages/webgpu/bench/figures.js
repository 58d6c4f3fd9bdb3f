/**
 * The figures that the README states: `figures.json`, one measurement for each engine, and the table made of them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { writeJson } from '../../../scripts/figures.js';

/**
 * @typedef {{ name: string, value: number }} Cost
 * @typedef {{ engine: string, node: string, costs: Cost[] }} Measurement
 */

/** What each row may be. */
export const BOUNDS = /** @type {Readonly<Record<string, { must: number, aim?: number }>>} */ ({
  'errors off ÷ submit, work-done and then by hand': { must: 1.05, aim: 0.9 },
  'errors on ÷ the same by hand with a scope': { must: 1.1, aim: 0.95 },
  'promises a frame, pacer and one submit': { must: 4 },
  'promises a frame, pacer and five submits': { must: 12 },
  'bytes a settled submit keeps at rest': { must: 1, aim: 0 },
  'overloaded loop, depth 2: most frames in flight': { must: 2 },
  'paced loop, depth 3 ÷ unbounded': { must: 1.3, aim: 1.1 },
  'stamped read ÷ unstamped': { must: 1.15, aim: 1.05 },
});

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by engine */
export const readFigures = () =>
  existsSync(file) ? /** @type {Measurement[]} */ (JSON.parse(readFileSync(file, 'utf8'))) : [];

/** @param {Measurement} measurement takes the place of the last one of the same engine */
export const recordFigures = (measurement) => {
  const others = readFigures().filter(({ engine }) => engine !== measurement.engine);
  writeJson(file, [...others, measurement].sort((a, b) => b.engine.localeCompare(a.engine)).reverse());
};

/**
 * What the package costs, for the README.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then a line for each row
 */
export function costTable(measurements) {
  const head = [
    '',
    'must',
    ...measurements.map(({ engine, node }) => `${engine}, Node ${String(Number.parseInt(node, 10))}`),
  ];
  const lines = Object.entries(BOUNDS).map(([name, { must }]) => [
    name,
    `≤ ${String(must)}`,
    ...measurements.map(({ costs }) => {
      const value = costs.find((cost) => cost.name === name)?.value;
      return value === undefined ? '' : Number.isInteger(value) ? String(value) : value.toFixed(2);
    }),
  ]);
  return [head, ...lines];
}
