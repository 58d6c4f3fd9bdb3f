import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  clearTallies,
  suites,
  sumTallies,
  TALLY_FILE,
  type Tally,
  tallyLine,
} from '../../../scripts/tally.js';

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tally-'));
});
afterEach(() => {
  rmSync(scratch, { recursive: true });
});

function suiteWith(name: string, tally?: Tally): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  if (tally !== undefined) writeFileSync(join(folder, TALLY_FILE), JSON.stringify(tally));
  return folder;
}

test('tallies are added up', () => {
  const a = suiteWith('a', { passed: 3, failed: 1, skipped: 0 });
  const b = suiteWith('b', { passed: 4, failed: 0, skipped: 2 });
  expect(sumTallies([a, b])).toEqual({ passed: 7, failed: 1, skipped: 2, missing: [] });
});

test('a suite that left no tally, or ran no test, did not run: it counts as failed and is named', () => {
  const ran = suiteWith('ran', { passed: 1, failed: 0, skipped: 0 });
  const absent = suiteWith('absent');
  const empty = suiteWith('empty', { passed: 0, failed: 0, skipped: 0 });
  expect(sumTallies([ran, absent, empty])).toEqual({
    passed: 1,
    failed: 2,
    skipped: 0,
    missing: [absent, empty],
  });
});

test('a tally of an earlier run is forgotten', () => {
  const stale = suiteWith('stale', { passed: 9, failed: 0, skipped: 0 });
  clearTallies([stale]);
  expect(sumTallies([stale]).missing).toEqual([stale]);
});

test('every package with tests is among the suites', () => {
  expect(suites('test')).toContain(join(import.meta.dirname, '..'));
  expect(suites('no such script')).toEqual([]);
});

test('the closing line is the plain one', () => {
  expect(tallyLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
});
