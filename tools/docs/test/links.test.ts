import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';
import { brokenLinks } from '../src/links.ts';
import type { Page } from '../src/markdown.ts';

function page(name: string, ...urls: string[]): Page {
  const links = urls.map((url, index) => ({ url, line: index + 1 }));
  return { file: join(root, name), name, links, anchors: new Set(['a-heading']), code: [] };
}

const license = page('LICENSE');

test('files, headings and the outside are fine', () => {
  const good = page(
    'docs/page.md',
    '../LICENSE',
    '../LICENSE#a-heading',
    '#a-heading',
    'https://example.org/#x',
  );
  expect(brokenLinks(good, [good, license])).toEqual([]);
});

test('a missing file, a missing heading and a heading of no page are named with their line', () => {
  const bad = page('docs/page.md', 'nowhere.md', '#nothing', '../package.json#x');
  expect(brokenLinks(bad, [bad])).toEqual([
    'docs/page.md:1 links to nowhere.md: there is no such file',
    'docs/page.md:2 links to #nothing: there is no such heading',
    'docs/page.md:3 links to ../package.json#x: only a page of ours can be linked to by heading',
  ]);
});
