/**
 * `npm test`: everything that must hold, through turbo, then the plain tally of all suites as the last line.
 * `npm run test:quick`: the suite of core without what takes long, in less than a minute.
 * `npm run test:published`: the slower suites on what is published; its tally includes the one of `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { clearTallies, suites, sumTallies, tallyLine } from './tally.js';
import { turbo } from './turbo.js';
import { root as folderOfAll } from './workspace.js';

const fast = ['build', 'typecheck', 'lint', 'test', 'check'];
const root = ['typecheck:root', 'lint:root', 'format:check', 'unused'];

const published = process.argv.includes('--published');
const quick = process.argv.includes('--quick');
const core = join(folderOfAll, 'packages', 'core');
const tasks = published ? ['test:published'] : [...fast, ...root];
const own = quick ? [core] : suites(published ? 'test:published' : 'test');

clearTallies(own);
const code = quick
  ? quickly()
  : await turbo('run', ...tasks, '--continue=dependencies-successful', '--output-logs=new-only');
const tally = sumTallies(published ? [...suites('test'), ...own] : own);

for (const folder of tally.missing) console.error(`${relative('.', folder)}: its tests did not run`);
if (code !== 0 && tally.failed === 0) {
  // Types, lint, format, package checks: no test, yet the line must not read like a success.
  tally.failed = 1;
  console.error('a check failed: see above');
}
console.log(tallyLine(tally));
process.exitCode = code === 0 && tally.failed > 0 ? 1 : code;

/** The suite that mutation testing runs thousands of times, so it is the quick one. */
function quickly() {
  const vitest = join(core, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'vitest.mutation.config.ts'], {
    cwd: core,
    stdio: 'inherit',
  });
  return status ?? 1;
}
