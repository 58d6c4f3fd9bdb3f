import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node';
import { TALLY_FILE } from './tally.js';

/** What could not be counted as a test: a file that does not load, a hook that throws. */
function errorsOutsideTests(module: TestModule): number {
  const suites: TestSuite[] = [...module.children.allSuites()];
  return [module, ...suites].reduce((sum, part) => sum + part.errors().length, 0);
}

/** Leaves the run's tally in the package's folder, where `npm test` adds all of them up (see `tally.js`). */
export default class TallyReporter implements Reporter {
  #file = TALLY_FILE;

  onInit(vitest: Vitest): void {
    this.#file = resolve(vitest.config.root, process.env['TALLY_FILE'] ?? TALLY_FILE);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tally = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      tally.failed += errorsOutsideTests(module);
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        // Still pending at the end: it never ran.
        tally[state === 'pending' ? 'failed' : state] += 1;
      }
    }
    writeFileSync(this.#file, `${JSON.stringify(tally)}\n`);
  }
}
