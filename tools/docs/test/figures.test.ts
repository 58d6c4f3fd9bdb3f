import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { checksTable, costTable, readFigures } from '../../../packages/core/bench/figures.js';
import * as shared from '../../../packages/core/bench/shared-figures.js';
import * as linting from '../../../packages/eslint-plugin/bench/figures.js';
import * as tracing from '../../../packages/otel/bench/figures.js';
import * as gpu from '../../../packages/webgpu/bench/figures.js';
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

const page = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

const measured = [
  ['packages/core/README.md', costTable(readFigures())],
  ['docs/debugging.md', checksTable(readFigures())],
  ['docs/threads.md', shared.sharedTable(shared.readSharedFigures())],
  ['docs/tracing.md', tracing.costTable(tracing.readFigures())],
  ['packages/eslint-plugin/README.md', linting.costTable(linting.readFigures())],
] as const;

test.each(measured)('%s states what its bench has measured, and nothing else', (path, table) => {
  expect(table[0]?.slice(-3)).toEqual(['Node 20', 'Node 24', 'Node 26']);
  expect(tableAfter(page(path), '## What it costs')).toEqual(table);
});

test('the README of the WebGPU package states what its bench has measured on each engine, and nothing else', () => {
  const table = gpu.costTable(gpu.readFigures());
  expect(table[0]?.slice(2)).toEqual([
    expect.stringMatching(/^null, Node/),
    expect.stringMatching(/^SwiftShader, Node/),
  ]);
  expect(tableAfter(page('packages/webgpu/README.md'), '## What it costs')).toEqual(table);
});

/** The bounds that a benchmark is held to are for those who work on it. */
function withoutBounds(table: readonly string[][]): string[][] {
  const bounds = table[0]?.indexOf('must') ?? -1;
  expect(bounds).toBeGreaterThan(0);
  return table.map((cells) => cells.filter((_cell, column) => column !== bounds));
}

test.each([
  ['## Fences', costTable(readFigures())],
  ['## Threads', shared.sharedTable(shared.readSharedFigures())],
  ['## Tracing', tracing.costTable(tracing.readFigures())],
  ['## Linting', linting.costTable(linting.readFigures())],
] as const)('docs/performance.md, %s: what its bench has measured, and nothing else', (heading, table) => {
  expect(tableAfter(page('docs', 'performance.md'), heading)).toEqual(withoutBounds(table));
});

test('docs/performance.md states the promised size', () => {
  const { shapes } = JSON.parse(page('packages', 'core', 'size.json')) as {
    shapes: { ceiling: number; promised: boolean }[];
  };
  const ceiling = shapes.find(({ promised }) => promised)?.ceiling ?? NaN;
  expect(page('docs', 'performance.md')).toContain(`at most ${(ceiling / 1000).toFixed(1)} kB`);
});

test('the README of the lint plugin claims no more code than its corpus holds', () => {
  const corpus = globSync('packages/eslint-plugin/test/corpus/**/*.*', { cwd: root });
  const bad = corpus.filter((path) => path.includes('.bad.')).length;
  const [, mistakes = NaN, good = NaN] =
    /: (?<mistakes>\d+) mistakes and (?<good>\d+) files of good code/.exec(
      page('packages/eslint-plugin/README.md'),
    ) ?? [];
  expect(bad).toBeGreaterThanOrEqual(Number(mistakes));
  expect(corpus.length - bad).toBeGreaterThanOrEqual(Number(good));
});
