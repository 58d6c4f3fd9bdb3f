import { DmaFenceContext, fenceArray } from '@dma-fence/core';
import { named } from '@dma-fence/core/debug';
import { checkFences, type FenceCheckOptions } from '@dma-fence/core/testing';
import Reporter from '@dma-fence/core/testing/reporter';
import { afterEach, describe, expect, test, vi } from 'vitest';

const never = new Promise<void>(() => undefined);
const ring = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0', cancelable: true });
const older = ring.createFence();

/** A runner of one test: hooks, and what it hands to them. */
function runnerOf(
  context: object,
  options: FenceCheckOptions = {},
): { begin: () => void; end: () => Promise<void> } {
  const hooks: { begin?: (context: object) => void; end?: (context: object) => Promise<void> } = {};
  checkFences(
    {
      beforeEach: (hook) => (hooks.begin = hook),
      afterEach: (hook) => (hooks.end = hook),
    },
    { pending: false, leaks: false, validator: false, ...options },
  );
  return {
    begin: () => hooks.begin?.(context),
    end: async () => hooks.end?.(context),
  };
}

/** What is said of a test of `node:test` that ran out of time. */
async function saidOf(body: () => void, options?: FenceCheckOptions): Promise<string[]> {
  const said: string[] = [];
  const runner = runnerOf(
    { signal: { aborted: true }, diagnostic: (line: string) => void said.push(line) },
    options,
  );
  runner.begin();
  body();
  await runner.end();
  return said;
}

/** Waits, and nobody cares how that ends. */
function waits(fence: { wait(): Promise<void> }): void {
  fence.wait().catch(() => undefined);
}

describe('a test that runs out of time says on what it hangs:', () => {
  test('a fence that somebody waits for, before one that nobody does', async () => {
    const [line, ...more] = await saidOf(() => {
      ring.createFence();
      waits(ring.createFence());
    });
    expect(line).toMatch(
      /^dma-fence: gpu:ring0:\d+:3 is pending, and 1 waits for it, created at .*hang\.node\.test\.ts:\d+:\d+$/,
    );
    expect(more).toEqual([]);
  });

  test('how many wait; where stacks are off, not where it was created', async () => {
    const said = await saidOf(
      () => {
        const fence = ring.createFence();
        waits(fence);
        waits(fence);
      },
      { stacks: false },
    );
    expect(said).toEqual([expect.stringMatching(/ is pending, and 2 wait for it$/)]);
  });

  test('one that was created before, while somebody waits for it', async () => {
    const [given, kept] = [new AbortController(), new AbortController()];
    const said = await saidOf(() => {
      for (const { signal } of [given, kept]) older.wait({ signal }).catch(() => undefined);
      given.abort();
    });
    kept.abort();
    expect(said).toEqual([expect.stringMatching(/:1 is pending, and 1 waits for it$/)]);
    expect(await saidOf(() => undefined)).toEqual([]);
  });

  test('the member of a container', async () => {
    const held: { member?: string } = {};
    const [line] = await saidOf(() => {
      const [done, member] = [ring.createFence(), ring.createFence()];
      done.signal();
      held.member = member.name;
      const both = fenceArray([done, member]);
      waits(both);
    });
    expect(line).toContain(`${held.member ?? '?'} is pending`);
  });

  test('a container, where its member is older than the test', async () => {
    const [line] = await saidOf(() => {
      waits(fenceArray([older, older.get()]));
    });
    expect(line).toMatch(
      /dma_fence_array:unbound:\d+:\d+ is pending as is its member gpu:ring0:\d+:1, and 1 waits for it/,
    );
  });

  test('a promise with a name that came in the test', async () => {
    void named(never, 'from before');
    const said = await saidOf(() => void named(never, 'the device'));
    expect(said).toEqual([
      expect.stringMatching(/^dma-fence: waits for "the device" at .*hang\.node\.test\.ts/),
    ]);
  });

  test('at most three, and how many more there are', async () => {
    const [line] = await saidOf(() => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) void named(never, name);
    });
    expect(line).toMatch(/waits for "a" at .*; waits for "b" at .*; waits for "c" at .*; and 2 more$/);
  });

  test('a fence that nobody waits for, if there is nothing else', async () => {
    expect(await saidOf(() => void ring.createFence())).toEqual([
      expect.stringMatching(/ is pending, created at /),
    ]);
  });

  test('nothing, where nothing is pending', async () => {
    expect(await saidOf(() => void ring.createFence().signal())).toEqual([]);
  });
});

describe('where it is told:', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('in the task of vitest, if that timed out', async () => {
    for (const [message, hangs] of [
      ['Test timed out in 50ms.', true],
      ['expected 1 to be 2', false],
    ] as const) {
      const finished: (() => Promise<void>)[] = [];
      const meta: Record<string, unknown> = {};
      const runner = runnerOf({
        task: { meta, result: { state: 'fail', errors: [{ message }] } },
        onTestFinished: (hook: () => Promise<void>) => void finished.push(hook),
      });
      runner.begin();
      waits(ring.createFence());
      await runner.end();
      for (const hook of finished) await hook();
      expect('dma-fence' in meta).toBe(hangs);
    }
  });

  test('at once, as a warning, where the process has nothing left to do', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const context = { name: 'loads', signal: { aborted: true }, error: { failureType: 'cancelledByParent' } };
    for (const one of [context, { ...context, name: undefined }]) {
      const runner = runnerOf(one);
      runner.begin();
      waits(ring.createFence());
      await runner.end();
    }
    expect(warn.mock.calls.map(([text]) => String(text).slice(0, 26))).toEqual([
      'dma-fence: "loads" hangs: ',
      'dma-fence: "" hangs: gpu:r',
    ]);
  });
});

describe('the reporter', () => {
  test('of node:test prints a line for each', async () => {
    const { readable, writable } = new Reporter() as unknown as TransformStream<object, string>;
    const writer = writable.getWriter();
    const events = [
      { type: 'test:start', data: { name: 'loads' } },
      { type: 'test:pass', data: { name: 'is fast' } },
      { type: 'test:fail', data: { name: 'loads' } },
      { type: 'test:diagnostic', data: { message: 'duration 5' } },
      { type: 'test:diagnostic', data: { message: 'dma-fence: a:b:1:1 is pending' } },
      {
        type: 'test:stderr',
        data: { message: 'before\ndma-fence: "draws" hangs: a:b:1:2 is pending\nbehind\n' },
      },
      { type: 'test:stdout', data: { message: 'dma-fence: no event of ours' } },
      { type: 'test:fail', data: {} },
    ];
    const written = Promise.all([...events.map((event) => writer.write(event)), writer.close()]);
    const lines: string[] = [];
    for await (const line of readable) lines.push(line);
    await written;
    expect(lines).toEqual(['"loads" hangs: a:b:1:1 is pending\n', '"draws" hangs: a:b:1:2 is pending\n']);
  });

  test('of vitest prints a line for each', () => {
    const said: unknown[] = [];
    const warn = vi.spyOn(console, 'warn').mockImplementation((text) => void said.push(text));
    const testCase = (fullName: string, meta: object): object => ({ fullName, meta: () => meta });
    const tests = {
      failed: [testCase('draws > shadows', { 'dma-fence': 'a:b:1:1 is pending' }), testCase('fails', {})],
      passed: [testCase('passes the second time', { 'dma-fence': 'a:b:1:2 is pending' })],
    };
    const allTests = (state?: keyof typeof tests): object[] =>
      state === undefined ? Object.values(tests).flat() : tests[state];
    new Reporter().onTestRunEnd([{ children: { allTests } }]);
    warn.mockRestore();
    expect(said).toEqual(['"draws > shadows" hangs: a:b:1:1 is pending']);
  });
});
