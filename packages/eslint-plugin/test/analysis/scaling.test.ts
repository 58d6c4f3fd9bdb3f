import { describe, expect, it, vi } from 'vitest';
import { SharedMap } from '../../src/analysis/state/shared-map.js';
import { analysisOf } from '../support/analysis.js';

const head = "import type { DmaFenceContext } from '@dma-fence/core';\n";

function sequentialIfs(count: number): string {
  const parameters = Array.from({ length: count }, (_, index) => `c${String(index)}: boolean`).join(', ');
  const body = Array.from({ length: count }, (_, index) => `  if (c${String(index)}) fence.poll();`).join(
    '\n',
  );
  return `${head}export function run(context: DmaFenceContext, ${parameters}): void {\n  const fence = context.createFence();\n${body}\n  fence.put();\n}\n`;
}

function ternariesInLoop(depth: number): string {
  let expression = '0';
  for (let index = 0; index < depth; index += 1)
    expression = `(c[${String(index)}] ? ${expression} : ${String(index)})`;
  return `${head}export function run(context: DmaFenceContext, c: boolean[]): number {\n  const fence = context.createFence();\n  let sum = 0;\n  for (let round = 0; round < 4; round += 1) sum += ${expression};\n  fence.put();\n  return sum;\n}\n`;
}

function longFunction(lines: number): string {
  const body = Array.from(
    { length: lines },
    (_, index) => `  const v${String(index)} = work(${String(index)});`,
  ).join('\n');
  return `${head}declare function work(index: number): number;\nexport function run(context: DmaFenceContext): void {\n  const fence = context.createFence();\n${body}\n  fence.put();\n}\n`;
}

function fencesInARow(count: number): string {
  const body = Array.from(
    { length: count },
    (_, index) =>
      `  { const f = context.createFence(); if (c) { f.put(); continue; } f.signal(); f.put(); console.log(${String(index)}); }`,
  ).join('\n');
  return `${head}export function run(context: DmaFenceContext, c: boolean): void {\n  for (;;) {\n${body}\n  }\n}\n`;
}

function fencesOfOneFunction(count: number): string {
  const body = Array.from(
    { length: count },
    (_, index) =>
      `  const f${String(index)} = context.createFence(); if (c[${String(index)}]) f${String(index)}.poll(); f${String(index)}.put();`,
  ).join('\n');
  return `${head}export function run(context: DmaFenceContext, c: boolean[]): void {\n${body}\n}\n`;
}

function casesThatPut(count: number): string {
  const cases = Array.from(
    { length: count },
    (_, index) => `    case ${String(index)}: fence.put(); break;`,
  ).join('\n');
  return `${head}export function run(context: DmaFenceContext, x: number): void {\n  const fence = context.createFence();\n  switch (x) {\n${cases}\n    default: fence.put();\n  }\n}\n`;
}

function functionsOfOneFile(count: number): string {
  return (
    head +
    Array.from(
      { length: count },
      (_, index) =>
        `export function run${String(index)}(context: DmaFenceContext): void {\n  const f = context.createFence();\n  f.put();\n}`,
    ).join('\n')
  );
}

/** How often the analysis looks into its maps and writes to them, those it copies among them. */
function accessesFor(code: string): number {
  const reads = vi.spyOn(SharedMap.prototype, 'get');
  const writes = vi.spyOn(Map.prototype, 'set');
  analysisOf(code);
  const accesses = reads.mock.calls.length + writes.mock.calls.length;
  vi.restoreAllMocks();
  return accesses;
}

function conditionalParts(count: number): string {
  const parts = Array.from(
    { length: count },
    (_, index) => `c[${String(index)}] ? ${String(index)} : undefined`,
  );
  const properties = parts.map((part, index) => `p${String(index)}: ${part}`).join(', ');
  return `${head}declare function work(...parts: unknown[]): void;\nexport function run(context: DmaFenceContext, c: boolean[]): void {\n  const fence = context.createFence();\n  work({ ${properties} });\n  work([${parts.join(', ')}]);\n  work(${parts.join(', ')});\n  fence.put();\n}\n`;
}

describe('the cost of the analysis', () => {
  it.each([
    ['sequential ifs', sequentialIfs, 128, 256],
    ['nested ternaries in a loop', ternariesInLoop, 9, 18],
    ['conditional parts of a call', conditionalParts, 16, 32],
    ['lines of a function', longFunction, 2500, 5000],
    ['blocks that each take and put', fencesInARow, 32, 64],
  ])('grows in proportion to the number of %s', (_, make, half, whole) => {
    const small = analysisOf(make(half));
    const large = analysisOf(make(whole));
    expect(large.surrendered).toEqual([]);
    expect(large.steps / small.steps).toBeLessThan(2.6);
  });

  it.each([
    ['fences of a function', fencesOfOneFunction, 100, 200],
    ['cases of a switch that put', casesThatPut, 150, 300],
    ['functions of a file', functionsOfOneFile, 50, 100],
  ])('does not go through all of its maps at each of the %s', (_, make, half, whole) => {
    // Layers of √n entries are copied: 2.8 times at most for twice as many. Going through all each time would be 4.
    expect(accessesFor(make(whole)) / accessesFor(make(half))).toBeLessThan(3.3);
  });

  it('is given up in silence when a function holds more states than the budget allows', () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${String(index)}`);
    const take = names.map((name) => `  const ${name} = context.createFence();`).join('\n');
    const part = names.map((name, index) => `  if (c[${String(index)}]) ${name}.put();`).join('\n');
    const { surrendered, findings } = analysisOf(
      `${head}export function run(context: DmaFenceContext, c: boolean[]): void {\n${take}\n${part}\n}\n`,
    );
    expect(surrendered).toHaveLength(1);
    expect(findings).toEqual([]);
  });
});
