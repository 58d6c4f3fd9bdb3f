/**
 * What the package costs beside the same by hand, for each engine, as ratios within one run:
 * `node bench/main.js [--record] [ENGINE]`, after a build. The median of three processes counts.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ENGINES, environmentOf } from './engines.js';
import { BOUNDS, costTable, readFigures, recordFigures } from './figures.js';

const PROCESSES = Number(process.env['PROCESSES'] ?? 3);
const rows = fileURLToPath(new URL('rows.js', import.meta.url));
const [only] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

for (const engine of Object.keys(ENGINES)) {
  if (only !== undefined && only !== engine) continue;
  const environment = environmentOf(engine);
  if (environment === undefined) {
    console.log(
      `${engine}: left out, it is not on this machine (Debian: apt-get install chromium libvulkan1)`,
    );
    continue;
  }
  const runs = Array.from({ length: PROCESSES }, () => {
    const output = execFileSync(process.execPath, ['--expose-gc', rows, engine], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    /** @type {unknown} */
    const values = JSON.parse(output);
    return /** @type {Record<string, number>} */ (values);
  });
  const costs = Object.keys(BOUNDS).flatMap((name) => {
    const values = runs.flatMap((run) => run[name] ?? []).sort((a, b) => a - b);
    const value = values[values.length >> 1];
    return value === undefined ? [] : { name, value };
  });
  console.log(engine);
  for (const { name, value } of costs) {
    const { must, aim } = BOUNDS[name] ?? { must: NaN };
    console.log(
      `  ${name.padEnd(50)} ${value.toFixed(2).padStart(6)}  must ${String(must)} aim ${String(aim ?? '')} ${value <= must ? 'ok' : 'ABOVE'}`,
    );
  }
  if (process.argv.includes('--record')) {
    recordFigures({ engine, node: process.version.slice(1), costs });
  }
}
if (process.argv.includes('--record')) {
  console.log(
    costTable(readFigures())
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n'),
  );
}
