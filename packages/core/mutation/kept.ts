import { relative } from 'node:path';
import type { RunnerTestCase } from 'vitest';

/** What Stryker's instrumented code reads and counts. */
export interface Stryker {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** What outlives the files of the suite: they share one thread, but not the modules that are evaluated for each of them. */
const kept = globalThis as { __stryker__?: Stryker; __tests__?: Map<string, RunnerTestCase> };

export const stryker: Stryker = (kept.__stryker__ ??= {});

/** Every test, by its id. */
export const tests: Map<string, RunnerTestCase> = (kept.__tests__ ??= new Map());

function nameOf({ name, suite }: Pick<RunnerTestCase, 'name' | 'suite'>): string {
  return suite === undefined ? name : `${nameOf(suite)} ${name}`;
}

export function idOf(test: RunnerTestCase): string {
  return `${relative(process.cwd(), test.file.filepath)}#${nameOf(test)}`;
}
