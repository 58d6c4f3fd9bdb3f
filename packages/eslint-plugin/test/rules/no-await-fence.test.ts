import { describe, expect, it } from 'vitest';
import { lint } from '../support/lint.js';
import { ruleTester } from '../support/rule-tester.js';

const head = `import type { DmaFence, DriverFence } from '@dma-fence/core';
declare const a: DmaFence;
declare const b: DriverFence;
declare const maybe: DmaFence | undefined;
declare const fences: DmaFence[];
declare function start(): DmaFence;
declare function later(): Promise<DmaFence>;
`;

const awaited =
  'This awaits the fence itself and waits for nothing: a fence is no promise. Await its wait().';
const combined = (by: string): string =>
  `${by} waits for promises, and a fence is none: it goes on at once. Give it wait() of each fence, or use waitAll or waitAny.`;

/** A report of the first line after the head, and what the suggestion makes of that line. */
function invalid(
  code: string,
  message: string,
  output?: string,
): { name: string; code: string; errors: object[] } {
  const messageId = output?.includes('.map(') === true ? 'waitEach' : 'wait';
  return {
    name: code,
    code: `${head}${code}\n`,
    errors: [
      {
        line: 8,
        message,
        ...(output !== undefined && { suggestions: [{ messageId, output: `${head}${output}\n` }] }),
      },
    ],
  };
}

ruleTester('no-await-fence', {
  valid: [
    'await a.wait();',
    'await Promise.all([a.wait(), b.wait()]);',
    'await Promise.all(fences.map((fence) => fence.wait()));',
    'const got = await later();',
    // A function that gives a fence today may have given a promise of one before, and somebody wants the fence.
    'const got = await start(); got.put();',
    'const [got] = await Promise.all([start(), a.wait()]); got.put();',
    'const either = await (Math.random() > 0.5 ? later() : a);',
    'async function give() { return a; }',
    'class Promises { static all(list: unknown[]) { return list; } } Promises.all([a]);',
    'function local(Promise: { all(list: unknown[]): void }) { Promise.all([a]); }',
    'for await (const fence of [later()]) void fence;',
    'await new Promise((resolve) => setTimeout(resolve, 1));',
  ].map((code) => ({ name: code, code: `${head}${code}\n` })),
  invalid: [
    invalid('await a;', awaited, 'await a.wait();'),
    invalid('const again = await b;', awaited, 'const again = await b.wait();'),
    invalid('await maybe;', awaited, 'await maybe?.wait();'),
    invalid('await start();', awaited, 'await start().wait();'),
    invalid('await (maybe ?? a);', awaited, 'await ((maybe ?? a).wait());'),
    invalid('await (a as DmaFence);', awaited, 'await (a.wait() as DmaFence);'),
    invalid('void (async () => { await a; })();', awaited, 'void (async () => { await a.wait(); })();'),
    invalid(
      'await Promise.all([a, b.wait()]);',
      combined('Promise.all'),
      'await Promise.all([a.wait(), b.wait()]);',
    ),
    invalid(
      'await Promise.race(fences);',
      combined('Promise.race'),
      'await Promise.race(fences.map((fence) => fence.wait()));',
    ),
    invalid(
      'await globalThis.Promise.allSettled([...fences]);',
      combined('Promise.allSettled'),
      'await globalThis.Promise.allSettled([...fences.map((fence) => fence.wait())]);',
    ),
    invalid('await Promise.any(new Set(fences));', combined('Promise.any')),
    invalid(
      'Promise.all([a]).then(() => start());',
      combined('Promise.all'),
      'Promise.all([a.wait()]).then(() => start());',
    ),
  ],
});

describe('without types', () => {
  it('a fence is known by its annotation', () => {
    const code = `import type { DmaFence } from '@dma-fence/core';
export async function run(fence: DmaFence, all: DmaFence[]): Promise<void> {
  await fence;
  await Promise.all(all);
}
`;
    expect(lint(code, { config: 'oxlint', typed: false }).map(({ line, rule }) => [line, rule])).toEqual([
      [3, 'no-await-fence'],
      [4, 'no-await-fence'],
    ]);
  });
});
