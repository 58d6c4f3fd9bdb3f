import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const home = join(import.meta.dirname, '..');

/** Runs a folder of fixtures as any package runs its suite. */
function runFixtures(folder: string): { status: number | null; output: string; tally: unknown } {
  const scratch = mkdtempSync(join(tmpdir(), 'tally-'));
  try {
    const file = join(scratch, 'tally.json');
    const vitest = join(home, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [
      vitest,
      'run',
      '--root',
      join('fixtures', folder),
      '--config',
      join(home, 'fixtures', 'vitest.config.ts'),
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, TALLY_FILE: file, NO_COLOR: '1' },
    });
    return { status, output: stdout + stderr, tally: JSON.parse(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

test('the tally counts tests, and as failed what fails outside of them: hooks, files that do not load', () => {
  const { status, tally } = runFixtures('mixed');
  expect(tally).toEqual({ passed: 2, failed: 3, skipped: 1 });
  expect(status).toBe(1);
});

test('a test that prints fails and is named with its output; one that takes it with a spy does not', () => {
  const { tally, output } = runFixtures('printing');
  expect(tally).toEqual({ passed: 2, failed: 2, skipped: 0 });
  expect(output).toContain('console.log: noise');
  expect(output).toContain('console.warn: more noise');
});
