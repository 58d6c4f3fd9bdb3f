import { AsyncLocalStorage } from 'node:async_hooks';
import { beginSignalling } from '@dma-fence/core';
import { lockdep, type LockClass, type LockdepSession } from '@dma-fence/core/lockdep';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { done, fence, kinds, turn, watch } from './support.js';

// What other platforms have: each test takes away what this one has, or adds what it lacks.

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function learn(name: string): LockClass {
  const lockClass = lockdep.classOf(name);
  const section = beginSignalling();
  lockdep.release(lockdep.acquire(lockClass));
  section.end();
  return lockClass;
}

describe('a browser without AsyncContext', () => {
  let session: LockdepSession;
  beforeEach(() => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    session = watch();
  });

  test('sees what happens in one turn, and its reports say so', () => {
    expect(session.tasks).toBe('sync');
    const [a, b] = [lockdep.classOf('turn a'), lockdep.classOf('turn b')];
    for (const [first, second] of [
      [a, b],
      [b, a],
    ] as const) {
      const outer = lockdep.acquire(first);
      lockdep.release(lockdep.acquire(second));
      lockdep.release(outer);
    }
    expect(kinds(session)).toEqual(['lock-order']);
    expect(session.reports[0]?.text).toContain('cannot follow tasks through await');
  });

  test('a task and a section of a fence last as long as their turn', async () => {
    const cache = learn('turn cache');
    const own = fence();
    await lockdep.task('work', () =>
      own.signalAfter(async () => {
        lockdep.release(lockdep.acquire(cache));
        await turn();
      }),
    );
    const held = lockdep.acquire(cache);
    await turn();
    const waiting = done().wait();
    lockdep.release(held);
    await waiting;
    expect(session.reports).toEqual([]);
  });

  test('without a process either', () => {
    session[Symbol.dispose]();
    vi.stubGlobal('process', undefined);
    using bare = lockdep.enable();
    vi.unstubAllGlobals();
    expect(bare.tasks).toBe('sync');
  });
});

describe('a browser with AsyncContext', () => {
  beforeEach(() => {
    vi.stubGlobal('AsyncContext', {
      Variable: class {
        readonly #storage = new AsyncLocalStorage();
        get(): unknown {
          return this.#storage.getStore();
        }
        run<R>(value: unknown, work: () => R): R {
          return this.#storage.run(value, work);
        }
      },
    });
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  });

  test('follows tasks and sections through await', async () => {
    const session = watch();
    expect(session.tasks).toBe('async');
    const cache = learn('context cache');
    await lockdep.task('request', async () => {
      const held = lockdep.acquire(cache);
      await done().wait();
      lockdep.release(held);
    });
    expect(kinds(session)).toEqual(['lock-under-wait']);
    expect(session.reports[0]?.text).not.toContain('cannot follow');
  });

  test('outside of a task, a turn is all there is', async () => {
    const session = watch();
    const own = fence();
    own.beginSignalling();
    await turn();
    own.signal();
    expect(session.reports).toEqual([]);
  });
});

describe('an engine with stacks of another make', () => {
  const before: unknown = Reflect.get(Error, 'captureStackTrace');
  afterEach(() => {
    Reflect.set(Error, 'captureStackTrace', before);
    Reflect.deleteProperty(Error, 'prepareStackTrace');
  });

  function likeFirefox(): void {
    Reflect.set(Error, 'captureStackTrace', undefined);
    Error.prepareStackTrace = (_error, sites) =>
      sites
        .map((site) => {
          const place = `${site.getFileName() ?? ''}:${String(site.getLineNumber())}:${String(site.getColumnNumber())}`;
          return `${site.isAsync() ? 'async*' : ''}${site.getFunctionName() ?? ''}@${place}`;
        })
        .join('\n');
  }

  test('is read all the same', async () => {
    likeFirefox();
    const session = watch();
    const cache = learn('firefox');
    async function holdAndWait(): Promise<void> {
      const held = lockdep.acquire(cache);
      await done().wait();
      lockdep.release(held);
    }
    await holdAndWait();
    expect(kinds(session)).toEqual(['lock-under-wait']);
    expect(session.reports[0]?.places[0]?.stack[0]).toMatch(
      /^holdAndWait \(.*platform\.node\.test\.ts:\d+:\d+\)$/,
    );
  });

  test('also where it is captured as V8 does, and no call sites are shown', async () => {
    Reflect.set(Error, 'captureStackTrace', (target: { stack: string }) => {
      target.stack = 'publish@https://example.org/app.js:7:3\nasync*main@https://example.org/app.js:20:1\n';
    });
    const session = watch();
    beginSignalling();
    await turn();
    expect(session.reports[0]?.places[0]?.stack).toEqual([
      'publish (https://example.org/app.js:7:3)',
      'async main (https://example.org/app.js:20:1)',
    ]);
  });

  test('and an engine without any is no reason to fail: who gives the lock back tells the task', async () => {
    Reflect.set(Error, 'captureStackTrace', undefined);
    Error.prepareStackTrace = () => undefined;
    const session = watch();
    const cache = learn('no stacks');
    const held = lockdep.acquire(cache);
    await done().wait();
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('a program that prepares stacks in its own way keeps doing so', async () => {
    Error.prepareStackTrace = () => ['mine'];
    const session = watch();
    const section = beginSignalling();
    await turn();
    section.end();
    expect(session.reports[0]?.places[0]?.stack[0]).toContain('platform.node.test.ts');
    expect(new Error('any').stack).toEqual(['mine']);
  });

  test('who prepares stacks from now on has its word in places that were shown before, too', async () => {
    const session = watch();
    async function leaveOpen(): Promise<void> {
      beginSignalling();
      await turn();
    }
    const shown: (string | undefined)[] = [];
    for (const prepare of [undefined, 'one', 'other', undefined]) {
      if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
      else {
        Error.prepareStackTrace = (_error, sites) =>
          sites.map((_, index) => `    at ${prepare} (map.ts:${String(index)}:1)`).join('\n');
      }
      using again = lockdep.enable({ onReport: () => undefined });
      await leaveOpen();
      shown.push(again.reports[0]?.places[0]?.stack[0]?.replace(/:[\d:]+\)|\(.*\/|\(/g, ''));
    }
    expect(shown).toEqual(['leaveOpen platform.node.test.ts', 'one map.ts', 'other map.ts', shown[0]]);
    expect(session.reports).toEqual([]);
  });
});
