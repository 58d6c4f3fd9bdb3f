import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ways } from './wait-matrix.js';

const here = new URL('.', import.meta.url);
const page = readFileSync(new URL('../../../../docs/kernel-parity.md', here), 'utf8');

/** One line of the table: a subtest, the file with ours, and how the name of ours begins; or why there is none. */
interface Row {
  readonly suite: string;
  readonly subtest: string;
  readonly file: string | undefined;
  readonly text: string;
}

/** The tables under the page's last heading. */
function rows(): Row[] {
  const list: Row[] = [];
  let suite = '';
  for (const line of page.slice(page.indexOf('## The kernel’s own tests')).split('\n')) {
    suite = /^### `(.+?)`/.exec(line)?.[1] ?? suite;
    const cells = /^\| `(.+?)` +\| (?:`(.+?)`|—) +\| (.+?) +\|$/.exec(line);
    if (cells === null) continue;
    const [, subtest = '', file, text = ''] = cells;
    list.push({ suite, subtest, file, text });
  }
  return list;
}

/** Whether a file has a test whose name begins so. */
function has(file: string, name: string): boolean {
  const source = readFileSync(new URL(`../${file}`, here), 'utf8');
  const begin = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`\b(?:test|long)(?:\.each\([^]*?\))?\(\s*['\`]${begin}`).test(source);
}

/** The subtests that igt makes by combining flags. */
const matrices = new Map([
  ['syncobj_wait.c single-wait', ways('binary', 'single')],
  ['syncobj_wait.c multi-wait', ways('binary', 'multi')],
  ['syncobj_timeline.c single-wait', ways('timeline', 'single')],
  ['syncobj_timeline.c multi-wait', ways('timeline', 'multi')],
]);

describe('the table of the kernel’s subtests', () => {
  const all = rows();

  test('has every suite, with as many subtests as it says', () => {
    const counted = [...page.matchAll(/^### `(.+?)`: (\d+) subtests/gm)].map(([, suite, count]) => [
      suite,
      Number(count),
    ]);
    expect(counted.length).toBe(10);
    const found = new Map<string, number>();
    for (const { suite, subtest } of all) {
      // igt's loop stops before the combination of all flags, which is invalid in no way that the others are not.
      const many = matrices.get(`${suite} ${subtest}`);
      const count = many === undefined ? 1 : many.length - (subtest === 'multi-wait' ? 1 : 0);
      found.set(suite, (found.get(suite) ?? 0) + count);
    }
    expect([...found]).toEqual(counted);
  });

  test.each(all.filter(({ file }) => file !== undefined))(
    '$suite $subtest: has the test that it names',
    ({ file, text, suite, subtest }) => {
      const name = /^“(.+)…”$/.exec(text)?.[1];
      expect(name).toBeDefined();
      expect(
        has(file as string, matrices.has(`${suite} ${subtest}`) ? '$name: $outcome' : (name as string)),
      ).toBe(true);
    },
  );

  test('says why, where there is no test', () => {
    for (const { file, text } of all) if (file === undefined) expect(text).toMatch(/\w{3}.*\.$/);
  });

  test('names every test of ours that stands for one of the kernel’s', () => {
    const named = all.map(({ file, text }) => `${file ?? ''} ${text}`);
    for (const name of readdirSync(here)) {
      if (!name.endsWith('.test.ts') || name.startsWith('parity')) continue;
      const source = readFileSync(new URL(name, here), 'utf8');
      for (const [, title = ''] of source.matchAll(
        /\b(?:test|long)(?:\.each\([^]*?\))?\(\s*['`]([\w-]+):/g,
      )) {
        expect(named.some((row) => row.startsWith(`kernel/${name} “${title}`))).toBe(true);
      }
    }
  });
});
