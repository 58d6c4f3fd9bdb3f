import { beginSignalling } from '@dma-fence/core';
import { lockdep, LockdepError, type LockClass, type LockdepOptions } from '@dma-fence/core/lockdep';
import { describe, expect, test, vi } from 'vitest';
import { long } from '../support.js';
import { thrown } from '../support.js';
import { done, fence, kinds, turn, watch } from './support.js';

function endOutOfOrder(): void {
  const [outer, inner] = [beginSignalling(), beginSignalling()];
  outer.end();
  inner.end();
}

describe('enable', () => {
  test('is needed: without it, everything is quiet and costs a no-op', async () => {
    const cache = lockdep.classOf('off');
    const held = lockdep.acquire(cache);
    lockdep.release(held);
    lockdep.release(cache);
    beginSignalling().end();
    expect(lockdep.task('nobody looks', () => 7)).toBe(7);
    await done().wait();
  });

  test('the newest session counts, disposing it gives the one before its place back; twice is harmless', () => {
    const [first, second] = [watch(), watch()];
    endOutOfOrder();
    second[Symbol.dispose]();
    second[Symbol.dispose]();
    expect([kinds(first), kinds(second)]).toEqual([[], ['section-order']]);
    endOutOfOrder();
    expect([kinds(first), kinds(second)]).toEqual([['section-order'], ['section-order']]);
  });

  test('one that is not the newest can go first', () => {
    const [first, second] = [watch(), watch()];
    first[Symbol.dispose]();
    endOutOfOrder();
    expect([kinds(first), kinds(second)]).toEqual([[], ['section-order']]);
  });

  test.each([
    [7, 'options must be an object, not 7'],
    [{ mode: 'throw', stack: true }, '"stack" is no option; there are onReport, mode, fenceClasses, stacks'],
    [null, 'options must be an object, not null'],
    [{ onReport: 7 }, 'onReport must be'],
    [{ mode: 'warn' }, 'mode must be'],
    [{ fenceClasses: 'many' }, 'fenceClasses must be'],
    [{ stacks: 'yes' }, 'stacks must be'],
    [{ slowCallbackMs: -1 }, 'slowCallbackMs must be'],
    [{ slowCallbackMs: NaN }, 'slowCallbackMs must be'],
  ])('refuses %j', (options, message) => {
    const error = thrown(() => lockdep.enable(options as LockdepOptions));
    expect([error.code, error.message]).toEqual(['EINVAL', expect.stringContaining(message)]);
  });
});

describe('reports', () => {
  test('are printed as a warning where nobody takes them', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    vi.stubEnv('NO_COLOR', '1');
    using session = lockdep.enable();
    endOutOfOrder();
    expect(warn).toHaveBeenCalledWith(`${session.reports[0]?.text ?? ''}\n`);
    warn.mockClear();
    vi.stubEnv('NO_COLOR', '');
    vi.stubEnv('FORCE_COLOR', '1');
    using _another = lockdep.enable();
    endOutOfOrder();
    vi.unstubAllEnvs();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('\u001b[1m\u001b[31mlockdep: '));
  });

  test('an onReport that throws is an uncaught error, and disturbs nobody', () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    watch({
      onReport() {
        throw new Error('of the handler');
      },
    });
    endOutOfOrder();
    vi.unstubAllGlobals();
    expect(reported).toEqual([new Error('of the handler')]);
  });

  test('each thing is reported once', () => {
    const session = watch();
    for (let round = 0; round < 3; round++) endOutOfOrder();
    expect(kinds(session)).toEqual(['section-order']);
  });

  test('in mode throw, the call at fault throws; what no call can be blamed for is an uncaught error', async () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    watch({ mode: 'throw' });
    expect(endOutOfOrder).toThrow(LockdepError);
    using alone = lockdep.enable({ mode: 'throw' });
    expect(endOutOfOrder).toThrow(LockdepError);
    alone[Symbol.dispose]();
    await turn();
    beginSignalling();
    await turn();
    vi.unstubAllGlobals();
    expect(reported.map((error) => (error as LockdepError).report.kind)).toContain('open-section');
  });

  test('in mode throw, a wait that would block rejects; one in order does what it does', async () => {
    watch({ mode: 'throw' });
    const own = fence();
    await expect(own.signalAfter(() => own.wait())).rejects.toThrow(LockdepError);
    await done().wait();
    const failed = fence();
    failed.fail('EIO');
    await expect(failed.wait()).rejects.toThrow('EIO');
  });

  test('in mode throw, a wait for a signaled fence under a lock rejects as well', async () => {
    watch({ mode: 'throw' });
    const cache = lockdep.classOf('throw cache');
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(cache));
    section.end();
    const held = lockdep.acquire(cache);
    await expect(done().wait()).rejects.toThrow('possible deadlock');
    lockdep.release(held);
  });
});

describe('classOf', () => {
  test('answers the same class for the same name', () => {
    expect(lockdep.classOf('same')).toBe(lockdep.classOf('same'));
    expect(lockdep.classOf('same')).not.toBe(lockdep.classOf('other'));
  });

  test.each([[''], [undefined], [7]])('refuses %j', (name) => {
    expect(thrown(() => lockdep.classOf(name as string)).code).toBe('EINVAL');
  });

  test.each([[undefined], [null], [{ name: 'forged' }], ['cache']])(
    'nothing else is a class: %j',
    (forged) => {
      expect(thrown(() => lockdep.acquire(forged as LockClass)).code).toBe('EINVAL');
      const release = (): void => {
        lockdep.release(forged as LockClass);
      };
      expect(thrown(release).code).toBe('EINVAL');
    },
  );
});

describe('acquire and release', () => {
  test('a lock is given back by what acquire answered, by using, or by its class; twice is harmless', async () => {
    const session = watch();
    const [a, b] = [lockdep.classOf('by hand a'), lockdep.classOf('by hand b')];
    const held = lockdep.acquire(a);
    lockdep.release(held);
    lockdep.release(held);
    {
      using again = lockdep.acquire(a);
      expect(again.lockClass).toBe(a);
    }
    lockdep.acquire(a);
    lockdep.release(a);
    lockdep.release(a);
    lockdep.release(lockdep.acquire(b));
    await turn();
    expect(session.reports).toEqual([]);
  });

  test('a class gives back the newest lock of the running task', async () => {
    const session = watch();
    const a = lockdep.classOf('by class');
    const task = async (lock: object): Promise<void> => {
      lockdep.acquire(a, lock);
      await turn();
      lockdep.release(a);
    };
    await Promise.all([lockdep.task('one', () => task({})), lockdep.task('two', () => task({}))]);
    lockdep.release(lockdep.acquire(a));
    lockdep.release(lockdep.acquire(a));
    expect(session.reports).toEqual([]);
  });

  test('a lock taken again by its task is found at once', () => {
    const session = watch({ mode: 'throw' });
    const a = lockdep.classOf('again');
    const held = lockdep.acquire(a);
    expect(() => lockdep.acquire(a)).toThrow('is taken again by the task that holds it');
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('of two locks of a class, only one that says which it is can be told from the other', () => {
    const session = watch();
    const a = lockdep.classOf('unnamed twin');
    const one = lockdep.acquire(a, {});
    const two = lockdep.acquire(a);
    lockdep.release(two);
    lockdep.release(one);
    expect(session.reports).toEqual([]);
  });

  test('an order is found through a third lock', () => {
    const session = watch();
    const a = lockdep.classOf('link a');
    const b = lockdep.classOf('link b');
    const c = lockdep.classOf('link c');
    const both = (first: LockClass, second: LockClass): void => {
      const outer = lockdep.acquire(first);
      const inner = lockdep.acquire(second);
      lockdep.release(inner);
      lockdep.release(outer);
    };
    both(a, b);
    both(b, c);
    expect(session.reports).toEqual([]);
    both(c, a);
    expect(session.reports[0]?.names).toEqual(['link c', 'link a', 'link b']);
  });

  test('an order that is known in many ways is told by the shortest', () => {
    const session = watch();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => lockdep.classOf(`diamond ${name}`)) as [
      LockClass,
      LockClass,
      LockClass,
      LockClass,
    ];
    for (const [first, second] of [
      [a, b],
      [a, c],
      [b, d],
      [c, d],
      [d, a],
    ] as const) {
      const outer = lockdep.acquire(first);
      lockdep.release(lockdep.acquire(second));
      lockdep.release(outer);
    }
    expect(session.reports.map(({ names }) => names)).toEqual([['diamond d', 'diamond a', 'diamond b']]);
  });

  test('a lock between two others is part of the way from a wait to a section', async () => {
    const session = watch();
    const [a, b] = [lockdep.classOf('far a'), lockdep.classOf('far b')];
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(a));
    section.end();
    const outer = lockdep.acquire(a);
    lockdep.release(lockdep.acquire(b));
    lockdep.release(outer);
    const held = lockdep.acquire(b);
    await done().wait();
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
    expect(session.reports[0]?.names).toEqual(expect.arrayContaining(['far a', 'far b']));
  });

  long('thousands of pairs of one class are remembered up to a limit, and learning goes on', () => {
    const session = watch();
    const a = lockdep.classOf('crowd');
    const outer = {};
    const pair = (first: object, second: object): void => {
      const held = lockdep.acquire(a, first);
      const inner = lockdep.acquire(a, second);
      lockdep.release(inner);
      lockdep.release(held);
    };
    for (let count = 0; count < 2_001; count++) pair(outer, {});
    const other = {};
    pair(outer, other);
    pair(other, outer);
    expect(kinds(session)).toEqual(['lock-order']);
  });
});

describe('a task', () => {
  function learn(name: string): LockClass {
    const lockClass = lockdep.classOf(name);
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(lockClass));
    section.end();
    return lockClass;
  }

  test('holds nothing of its starter, and reports call it by its name', async () => {
    const session = watch();
    const cache = learn('task cache');
    const held = lockdep.acquire(cache);
    const helper = lockdep.task('helper', async () => {
      await turn();
      await done().wait();
    });
    await turn();
    await turn();
    lockdep.release(held);
    await helper;
    expect(session.reports).toEqual([]);
    await lockdep.task('request 17', async () => {
      using _held = lockdep.acquire(cache);
      await done().wait();
    });
    expect(session.reports[0]?.text).toContain('by task "request 17"');
  });

  test('whose starter awaits it under a lock waits under that lock', async () => {
    const session = watch();
    const cache = learn('awaited task');
    const held = lockdep.acquire(cache);
    await lockdep.task('helper', async () => {
      await turn();
      await done().wait();
    });
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test.each<[unknown, unknown]>([
    ['', () => 0],
    [7, () => 0],
    ['name', undefined],
  ])('refuses %j, %j', (name, work) => {
    expect(thrown(() => lockdep.task(name as string, work as () => number)).code).toBe('EINVAL');
  });
});
