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
 * Adds up the suites' tallies. One that left no file did not run, and counts as failed.
 *
 * @param {string[]} folders
 * @returns {Tally & { missing: string[] }}
 */
export function sumTallies(folders) {
  const sum = { passed: 0, failed: 0, skipped: 0, missing: /** @type {string[]} */ ([]) };
  for (const folder of folders) {
    const file = join(folder, TALLY_FILE);
    if (!existsSync(file)) {
      sum.missing.push(folder);
      sum.failed += 1;
      continue;
    }
    /** @type {unknown} */
    const left = JSON.parse(readFileSync(file, 'utf8'));
    const tally = /** @type {Tally} */ (left);
    sum.passed += tally.passed;
    sum.failed += tally.failed;
    sum.skipped += tally.skipped;
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
