import { describe, expect, it } from 'vitest';
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
