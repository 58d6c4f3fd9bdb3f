import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSharedFigures, sharedTable } from '../../bench/shared-figures.js';

const guide = readFileSync(new URL('../../../../docs/threads.md', import.meta.url), 'utf8');

/** The cells of the table in the guide, without what only lines them up. */
function stated(): string[][] {
  const [, table = ''] = /<!-- figures -->(.*)<!-- \/figures -->/s.exec(guide) ?? [];
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the guide states the figures that were measured last, for Node 20, 24 and 26', () => {
  const figures = readSharedFigures();
  expect(figures.map(({ node }) => node.split('.')[0])).toEqual(['20', '24', '26']);
  expect(stated()).toEqual(sharedTable(figures));
});
