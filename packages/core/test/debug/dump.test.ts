import { fenceArray, fenceChain } from '@dma-fence/core';
import { dumpFences, trackFences } from '@dma-fence/core/debug';
import { expect, test, vi } from 'vitest';
import { context, thrown } from '../support.js';

test('a table of what is pending, as text and printed', () => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  {
    using _tracking = trackFences();
    expect(dumpFences()).toBe('0 pending fences');
    const own = context();
    const old = own.createFence();
    now = 12_345;
    expect(dumpFences()).toMatch(
      /^1 pending fence\nfence +age +refs +waiters\ngpu:ring0:\d+:1 +12\.3 s +1 +0$/,
    );
    using both = fenceArray([old, own.createFence()]);
    void both.wait();
    const lines = dumpFences().split('\n');
    expect(lines[0]).toBe('3 pending fences');
    // Every column begins at one place in all lines.
    const ages = lines.slice(2).map((line) => /\S+ +(?=\d)/.exec(line)?.[0].length);
    expect(ages).toEqual(ages.map(() => lines[1]?.indexOf('age')));
    expect(lines[4]).toMatch(/^dma_fence_array:unbound:\d+:\d+ +0 ms +\d+ +1 +gpu:ring0:\d+:1$/);
    expect(warn).toHaveBeenLastCalledWith(lines.join('\n'));
    for (const fence of both.data) (fence as typeof old).signal();
  }
  clock.mockRestore();
  warn.mockRestore();
});

test('printed by whatever is given', () => {
  const printed: string[] = [];
  dumpFences((table) => void printed.push(table));
  expect(printed).toEqual(['0 pending fences']);
  expect(thrown(() => dumpFences(7 as unknown as () => void))).toMatchObject({
    code: 'EINVAL',
    message: 'dumpFences(): print must be a function, not 7',
  });
});

test('changes nothing: nobody is asked, nothing is collected, no callback runs', () => {
  using _tracking = trackFences();
  let asked = 0;
  const done = context({ ops: { isSignaled: () => ++asked > 0 } });
  const [older, newer] = [done.createFence(), context().createFence()];
  let ran = 0;
  older.addCallback(() => void ran++);
  using first = fenceChain(undefined, older, 1);
  using chain = fenceChain(first, newer, 2);
  using _array = fenceArray([older, newer]);
  newer.signal();
  asked = 0;
  const table = dumpFences(() => undefined);
  expect(table).toContain(chain.name);
  expect(table.split('\n').filter((line) => line.endsWith(older.name))).toHaveLength(3);
  expect([asked, ran, older.status, chain.data.previous]).toEqual([0, 0, 'pending', first]);
});
