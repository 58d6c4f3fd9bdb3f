import { describe, expect, test } from 'vitest';
import { pageSamples } from '../src/collect.ts';
import { brokenLinks } from '../src/links.ts';
import { readPages } from '../src/markdown.ts';
import { testSamples } from './samples.ts';

const pages = readPages();

describe('every link inside the repository leads somewhere', () => {
  test.each(pages)('$name', (page) => {
    expect(brokenLinks(page, pages)).toEqual([]);
  });
});

testSamples('every ts block of a page compiles and runs', pages.flatMap(pageSamples));
