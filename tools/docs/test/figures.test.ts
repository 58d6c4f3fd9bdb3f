import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { costTable, readFigures } from '../../../packages/core/bench/figures.js';
import * as tracing from '../../../packages/otel/bench/figures.js';
import { root } from '../../../scripts/workspace.js';

/** The cells of the first table after a heading. */
function tableAfter(text: string, heading: string): string[][] {
  const lines = text.slice(text.indexOf(heading)).split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows = lines.slice(first);
  const last = rows.findIndex((line) => !line.startsWith('|'));
  return rows
    .slice(0, last)
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

test('the README of core states what the bench has measured, and nothing else', () => {
  const readme = readFileSync(join(root, 'packages', 'core', 'README.md'), 'utf8');
  expect(tableAfter(readme, '## What it costs')).toEqual(costTable(readFigures()));
});

test('the tracing guide states what its bench has measured, and nothing else', () => {
  const guide = readFileSync(join(root, 'docs', 'tracing.md'), 'utf8');
  expect(tableAfter(guide, '## What it costs')).toEqual(tracing.costTable(tracing.readFigures()));
});
