import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BUGS } from './planted/bugs.js';

interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

const require = createRequire(import.meta.url);
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs one file of tests on the package with that bug; gives the tests that ran, by name, and how each ended. */
async function runWith(bug: number, file: string, name: string): Promise<Map<string, string>> {
  const config = join('test', 'planted', 'vitest.config.ts');
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, `test/${file}`, '-t', pattern], {
    cwd: folder,
    env: { ...process.env, PLANTED: String(bug) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => child.once('close', resolve));
  const text = Buffer.concat(chunks).toString('utf8');
  const { testResults } = JSON.parse(text.slice(text.indexOf('{'))) as Report;
  return new Map(
    testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status }) => [fullName, status]),
  );
}

const executes = process.env['GPU_BACKEND'] !== undefined && process.env['GPU_BACKEND'] !== 'null';

const cases = BUGS.map((bug, index) => ({ ...bug, index }));

/** The tests of its rule, with the bug; fails where all of them pass. */
async function expectFound({ index, suite, test: name }: (typeof cases)[number]): Promise<void> {
  const found = await runWith(index, suite, name);
  expect([...found.values()], [...found.keys()].join('\n')).toContain('failed');
}

// Where nothing is copied there are no bytes to tell by; `npm run test:published` runs these on an adapter that works.
describe.skipIf(!executes)('a bug that is planted in the bytes is found by the test of its rule', () => {
  test.for(cases.filter(({ data }) => data === true))('$rule', expectFound);
});

describe('a bug that is planted is found by the test of its rule', { tags: ['long'] }, () => {
  test.for(cases.filter(({ data }) => data !== true))('$rule', expectFound);

  test('and without a bug the same tests pass', async () => {
    const files = new Map(BUGS.map(({ suite }) => [suite, BUGS.filter((bug) => bug.suite === suite)]));
    for (const [suite, bugs] of files) {
      const ran = await runWith(-1, suite, '');
      for (const { test: name } of bugs) {
        expect(
          [...ran.keys()].some((full) => full.includes(name)),
          name,
        ).toBe(true);
      }
      expect([...ran.values()]).not.toContain('failed');
    }
  });
});
