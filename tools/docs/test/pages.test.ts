import { describe, expect, test } from 'vitest';
import { brokenLinks } from '../src/links.ts';
import { readPages } from '../src/markdown.ts';
import type { Sample } from '../src/sample.ts';
import { testSamples } from './samples.ts';

const pages = readPages();

describe('every link inside the repository leads somewhere', () => {
  test.each(pages)('$name', (page) => {
    expect(brokenLinks(page, pages)).toEqual([]);
  });
});

testSamples(
  'every ts block of a page compiles and runs',
  pages.flatMap(({ file, name, code }) =>
    code
      .filter(({ lang }) => lang === 'ts')
      .map(({ value, meta, position }): Sample => {
        const line = (position?.start.line ?? 0) + 1;
        return { name: `${name}:${line}`, file, line, code: value, run: meta !== 'check' };
      }),
  ),
);
