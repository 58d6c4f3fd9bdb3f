import { beginSignalling, DmaFenceContext, fenceArray } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { checkFences, fenceFactory, type FenceCheckOptions, type TestHooks } from '@dma-fence/core/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ownContext, planted, thrown } from '../support.js';

type Hook = (context?: object) => unknown;

/** A test runner that runs one test at a time, with whatever it hands to its hooks. */
function runner(options?: FenceCheckOptions) {
  const before: Hook[] = [];
  const after: Hook[] = [];
  const hooks: TestHooks = {
    beforeEach: (hook) => before.push(hook),
    afterEach: (hook) => after.push(hook),
  };
  const check = checkFences(hooks, options);
  /** Runs a test; answers the message with which it, or the check, fails. Like any runner, runs the hooks after a failed test too. */
  async function run(body: () => unknown, given?: object): Promise<string | undefined> {
    const failures: unknown[] = [];
    try {
      for (const hook of before) hook(given);
      await body();
    } catch (error) {
      failures.push(error);
    }
    try {
      for (const hook of after) await hook(given);
    } catch (error) {
      failures.push(error);
    }
    return (failures[0] as Error | undefined)?.message;
  }
  return { check, run, before, after };
}

/** A context that the suite's own check does not see to: what is planted here is put back when the test is over. */
const ring = (): DmaFenceContext => ownContext({ timelineName: 'ring0' });

describe('a check after each test', () => {
  test('is silent when nothing is left', async () => {
    const { run } = runner();
    const message = await run(async () => {
      using fence = ring().createFence();
      const waiting = fence.wait();
      fence.signal();
      await waiting;
    });
    expect(message).toBeUndefined();
  });

  test('names a pending fence, who waits for it, and where it was created', async () => {
    const { run } = runner();
    const own = ring();
    const fences = fenceFactory();
    const message = await run(() => {
      const fence = own.createFence();
      onTestFinished(() => {
        fence.signal();
        fence.put();
      });
      fence.addCallback(() => undefined);
      void fence.wait();
    });
    fences[Symbol.dispose]();
    expect(message).toContain('A test leaves behind 1 fence.');
    expect(message).toContain(
      `gpu:ring0:${String(own.id)}:1 is pending, nobody has signaled it; 2 callbacks and waits on it, 1 reference is held`,
    );
    expect(message).toMatch(/created\n +at .*fence-check\.test\.ts/);
    expect(message).toContain('What to change: ');
  });

  test('names the member that a container waits for', async () => {
    const { run } = runner();
    const fences = fenceFactory();
    const member = fences.create();
    const message = await run(() => {
      const both = fenceArray([member]);
      onTestFinished(() => {
        fences[Symbol.dispose]();
        both.put();
      });
      void both.wait().catch(() => undefined);
    });
    expect(message).toContain(
      `is pending, so is its member ${member.name}; 1 callback or wait on it, 2 references are held`,
    );
  });

  test('names a leaked fence', async () => {
    const { run } = runner({ stacks: false });
    const own = ring();
    const message = await run(() => {
      const fence = own.createFence().get();
      onTestFinished(() => fence.put());
      onTestFinished(() => fence.put());
      fence.signal();
    });
    expect(message).toContain(
      `gpu:ring0:${String(own.id)}:1 is over, and 2 references are held: somebody forgot a put()`,
    );
    expect(message).not.toContain('created');
  });

  test('says all of it in one text: what is left, what to change, what the validator found', async () => {
    const { run } = runner({ stacks: false });
    const own = ring();
    const message = await run(() => {
      const [pending, leaked] = [own.createFence(), own.createFence()];
      onTestFinished(() => {
        pending.signal();
        pending.put();
        leaked.put();
      });
      leaked.signal();
      beginSignalling();
    });
    const name = `gpu:ring0:${String(own.id)}`;
    expect(message?.split('\n\n').slice(0, 4)).toEqual([
      'A test leaves behind 2 fences and 1 report of the validator.',
      `  ${name}:1 is pending, nobody has signaled it; nobody waits for it, 1 reference is held`,
      `  ${name}:2 is over, and 1 reference is held: somebody forgot a put()`,
      [
        '  What to change: signal, fail or cancel what is pending, and put() every',
        '    reference that was got or returned (`using fence = …` does it); what a test',
        '    plants, it says: check.expect(kind, name).',
      ].join('\n'),
    ]);
  });

  test('leaves the fences out where only the validator has found something', async () => {
    const { run } = runner();
    const message = await run(() => void beginSignalling());
    expect(message).toMatch(/^A test leaves behind 1 report of the validator\.\n\nlockdep: /);
    expect(message).not.toContain('signal, fail or cancel what is pending');
  });

  test('passes over leaks where they do not matter', async () => {
    const { run } = runner({ leaks: false });
    expect(
      await run(() => {
        const fence = ring().createFence();
        onTestFinished(() => fence.put());
        fence.signal();
      }),
    ).toBeUndefined();
  });

  test('and over pending ones', async () => {
    const { run } = runner({ pending: false });
    using fences = fenceFactory();
    expect(await run(() => void fences.create())).toBeUndefined();
  });

  test('shows the first ten, and counts the others', async () => {
    const { run } = runner();
    using fences = fenceFactory();
    const message = await run(() => {
      for (let count = 0; count < 12; count++) fences.create();
    });
    expect(message?.match(/:\d+ is pending/g)).toHaveLength(10);
    expect(message).toContain('A test leaves behind 12 fences.');
    expect(message).toContain('… and 2 more');
    const ten = await run(() => {
      for (let count = 0; count < 10; count++) fences.create();
    });
    expect(ten?.match(/:\d+ is pending/g)).toHaveLength(10);
    expect(ten).not.toContain('more');
  });

  test('fails with the reports of the validator', async () => {
    planted('open-section');
    const { run } = runner();
    const left = await run(() => void beginSignalling());
    expect(left).toContain('A test leaves behind 1 report of the validator.');
    expect(left).toContain('lockdep: a free signalling section was still open');
    const [first, second] = [runner({ validator: false }), runner({ validator: { mode: 'throw' } })];
    expect(await first.run(() => void beginSignalling())).toBeUndefined();
    const again = await second.run(() => {
      const table = lockdep.classOf('table of fence-check');
      using _outer = lockdep.acquire(table);
      lockdep.acquire(table);
    });
    expect(again).toContain('is taken again by the task that holds it');
  });

  test('fences from before and after the test are none of its business', async () => {
    const { run } = runner();
    using fences = fenceFactory();
    fences.create();
    expect(await run(() => undefined)).toBeUndefined();
    fences.create();
    expect(await run(() => undefined)).toBeUndefined();
  });

  test('says nothing of a test that has failed by itself', async () => {
    const { run } = runner();
    const leave = (): void => {
      const fence = ring().createFence();
      onTestFinished(() => fence.put());
      fence.signal();
    };
    expect(await run(leave, { passed: false })).toBeUndefined();
    expect(await run(leave, { passed: true })).toContain('leaves behind');
  });

  test('with vitest, comes after everything that the test has to clean up', async () => {
    const { run } = runner();
    const finish: (() => Promise<void>)[] = [];
    const given = (state: string) => ({
      onTestFinished: (hook: () => Promise<void>) => void finish.push(hook),
      task: { result: { state } },
    });
    const fences = fenceFactory();
    expect(await run(() => void fences.create(), given('pass'))).toBeUndefined();
    await expect(finish[0]?.()).rejects.toThrow('is pending');
    await expect(finish[0]?.()).resolves.toBeUndefined();
    await run(() => void fences.create(), given('fail'));
    await expect(finish[1]?.()).resolves.toBeUndefined();
    fences[Symbol.dispose]();
  });

  test('tests at the same time are refused, and the next one is as good as new', async () => {
    const { run, before } = runner();
    before[0]?.();
    expect(await run(() => undefined)).toContain('cannot be told apart');
    expect(await run(() => undefined)).toBeUndefined();
  });

  test('an end without a beginning is no matter', async () => {
    const { after } = runner();
    await expect(after[0]?.()).resolves.toBeUndefined();
  });
});

describe('what a test plants', () => {
  test('is expected by kind, by name, by a part of it, by a pattern, or as a fence', async () => {
    const { run, check } = runner();
    const fences = fenceFactory();
    const message = await run(() => {
      const [a, b] = [fences.create(), fences.create()];
      check.expect('pending', a);
      check.expect('pending', b.name);
      fences.signaled();
      check.expect('leaked', 'test:fences');
      beginSignalling();
      check.expect('open-section', /still open/);
      check.expect('leaked');
    });
    fences[Symbol.dispose]();
    expect(message).toBeUndefined();
  });

  test('does not excuse what is not named', async () => {
    const { run, check } = runner();
    const fences = fenceFactory();
    const message = await run(() => {
      check.expect('pending', fences.create());
      fences.create();
    });
    expect(message).toContain(
      `${fences.context.driverName}:fences:${String(fences.context.id)}:2 is pending`,
    );
    expect(message).not.toContain(':1 is pending');
    fences[Symbol.dispose]();
  });

  test('is expected of one kind, and excuses no other', async () => {
    const { run, check } = runner();
    const fences = fenceFactory();
    const message = await run(() => check.expect('leaked', fences.create()));
    expect(message).toContain('is pending, nobody has signaled it');
    fences[Symbol.dispose]();
  });

  test('and does not leave is a failure', async () => {
    const { run, check } = runner();
    expect(await run(() => check.expect('leaked', 'ring7'))).toBe(
      'A test expects to leave behind: leaked ring7, and it does not.',
    );
    expect(await run(() => check.expect('orphan'))).toBe(
      'A test expects to leave behind: orphan, and it does not.',
    );
  });

  test('is said in a test, nowhere else', () => {
    const { check } = runner();
    expect(thrown(() => check.expect('pending')).code).toBe('EINVAL');
  });
});

const someHooks = { beforeEach: () => undefined, afterEach: () => undefined };

test.each([[undefined], [null], [{ beforeEach: () => undefined }]])('refuses %j for hooks', (hooks) => {
  expect(thrown(() => checkFences(hooks as unknown as TestHooks))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(
      'checkFences() takes { beforeEach, afterEach } of a test runner',
    ) as string,
  });
});

test.each([
  [7, 'options must be an object, not 7'],
  [null, 'options must be an object, not null'],
  [{ pending: 1 }, 'pending must be true or false, not 1'],
  [{ leaks: 1 }, 'leaks must be true or false, not 1'],
  [{ stacks: 'yes' }, 'stacks must be true or false, not "yes"'],
  [{ validator: true }, 'validator must be options of the validator or false, not true'],
  [{ validator: null }, 'validator must be options of the validator or false, not null'],
])('refuses %j', (options, message) => {
  expect(thrown(() => checkFences(someHooks, options as FenceCheckOptions))).toMatchObject({
    code: 'EINVAL',
    message: `checkFences(): ${message}`,
  });
});
