/**
 * The figures that `docs/tracing.md` states: `figures.json`, one measurement for each Node line, and the tables made of them.
 */
import { readFileSync } from 'node:fs';
import { headOf, readMeasurements, record } from '../../../scripts/figures.js';

/**
 * @typedef {{ name: string, abovePlain: number, ofSdkSpan: number }} Cost in promises above an untraced fence, and as part of a span by hand
 * @typedef {{ node: string, sdk: string, costs: Cost[] }} Measurement
 */

/** What each kind of tracing may cost: in promises above an untraced fence, or in spans by hand. */
export const BOUNDS = /** @type {Readonly<Record<string, { promises?: number, spans?: number }>>} */ ({
  'under an unsampled span': { promises: 0.3 },
  'recorded, with the event of its signal': { spans: 1.2 },
});

const file = new URL('figures.json', import.meta.url);

/** @returns {Measurement[]} by Node, oldest first */
export const readFigures = () => readMeasurements(file);

/** @param {Measurement} measurement takes the place of the last one of the same Node line */
export const recordFigures = (measurement) => {
  record(file, measurement);
};

/** @returns {string} which SDK is measured */
export function sdkVersion() {
  const manifest = new URL('../node_modules/@opentelemetry/sdk-trace/package.json', import.meta.url);
  /** @type {unknown} */
  const content = JSON.parse(readFileSync(manifest, 'utf8'));
  return /** @type {{ version: string }} */ (content).version;
}

/** @param {number} figure */
const short = (figure) => (figure >= 10 ? figure.toFixed(0) : Math.max(0, figure).toFixed(2));

/** @param {string} name */
function boundOf(name) {
  const { promises, spans } = BOUNDS[name] ?? {};
  if (promises !== undefined) return `≤ ${String(promises)} promises`;
  return spans === undefined ? '' : `≤ ${String(spans)} spans`;
}

/**
 * What tracing costs.
 *
 * @param {readonly Measurement[]} measurements
 * @returns {string[][]} head, then a line for each kind of tracing: its bound, then for each Node the two ratios
 */
export function costTable(measurements) {
  const head = headOf(['tracing', 'must'], measurements);
  const lines = (measurements[0]?.costs ?? []).map(({ name }) => [
    name,
    boundOf(name),
    ...measurements.map(({ costs }) => {
      const same = costs.find((cost) => cost.name === name);
      return same === undefined ? '' : `${short(same.abovePlain)} / ${short(same.ofSdkSpan)}`;
    }),
  ]);
  return [head, ...lines];
}
