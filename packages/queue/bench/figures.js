/**
 * The figures that the README states: `figures.json`, one measurement for each Node line, and the table made of them.
 */
import { headOf, readMeasurements, record } from '../../../scripts/figures.js';

/**
 * @typedef {{ name: string, value: number }} Cost
 * @typedef {{ node: string, costs: Cost[] }} Measurement
 */

/** What each row may cost. */
export const BOUNDS = /** @type {Readonly<Record<string, { must?: number, aim?: number }>>} */ ({
  'each result awaited ÷ p-limit': { must: 1, aim: 0.6 },
  'until idle ÷ p-queue': { must: 0.4, aim: 0.25 },
  'until idle ÷ async.queue': {},
  'synchronous work ÷ fastq.promise': { must: 0.35, aim: 0.2 },
  'graph, two dependencies each ÷ promises': { must: 1, aim: 0.75 },
  'graph, growth exponent from 10⁴ to 10⁶': { must: 1.1 },
  'mixed priorities, growth exponent from 10⁵ to 10⁶': { must: 1.2 },
  'bytes a waiting job with one dependency keeps': { must: 440, aim: 400 },
});

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by Node, oldest first */
export const readFigures = () => readMeasurements(file);

/** @param {Measurement} measurement takes the place of the last one of the same Node line */
export const recordFigures = (measurement) => {
  record(file, measurement);
};

/**
 * What the queue costs, for the README.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then a line for each row
 */
export function costTable(measurements) {
  const lines = Object.keys(BOUNDS).map((name) => [
    name,
    ...measurements.map(({ costs }) => {
      const value = costs.find((cost) => cost.name === name)?.value;
      return value === undefined ? '' : value >= 10 ? value.toFixed(0) : value.toFixed(2);
    }),
  ]);
  return [headOf(['10⁵ jobs, four at once'], measurements), ...lines];
}
