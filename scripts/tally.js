import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspacePackages } from './workspace.js';

/** The file that the reporter (`tally-reporter.ts`) leaves in a package's folder: one run's `Tally`. */
export const TALLY_FILE = '.tally.json';

/** @typedef {{ passed: number; failed: number; skipped: number }} Tally */

/**
 * The folders of all workspace packages that have a script of that name.
 *
 * @param {string} script
 * @returns {string[]}
 */
export function suites(script) {
  return workspacePackages()
    .filter(({ manifest }) => script in (manifest.scripts ?? {}))
    .map(({ folder }) => folder);
}

/**
 * Forgets what earlier runs left, so that a suite that does not run now cannot pass for one that did.
 * Turbo puts a cached suite's file back.
 *
 * @param {string[]} folders
 */
export function clearTallies(folders) {
  for (const folder of folders) rmSync(join(folder, TALLY_FILE), { force: true });
}

/**
 * @param {string} file
 * @returns {Tally}
 */
function readTally(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  /** @type {unknown} */
  const tally = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {Tally} */ (tally);
}

/**
 * Adds up the suites' tallies. One that left none, or ran no test, counts as failed.
 *
 * @param {string[]} folders
 * @returns {Tally & { missing: string[] }}
 */
export function sumTallies(folders) {
  const sum = { passed: 0, failed: 0, skipped: 0, missing: /** @type {string[]} */ ([]) };
  for (const folder of folders) {
    const { passed, failed, skipped } = readTally(join(folder, TALLY_FILE));
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
    if (passed + failed + skipped === 0) {
      sum.missing.push(folder);
      sum.failed += 1;
    }
  }
  return sum;
}

/**
 * The plain closing line that every CI can read.
 *
 * @param {Tally} tally
 */
export function tallyLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
