import { EventEmitter } from 'node:events';
import { lockdep, type LockdepOptions, type LockdepSession } from '@dma-fence/core/lockdep';
import { virtualClock } from '@dma-fence/core/testing';
import { Mutex, withTimeout } from 'async-mutex';
import pDefer from 'p-defer';
import { describe, expect, test } from 'vitest';
import { done, fence, kinds, turn, watch } from './support.js';

// A function that a holder calls is held up by the holder if that awaits it, and else goes its own way.

/** A validator that knows this engine's stacks, and a lock that signallers take. */
async function signallersLock(
  name: string,
  options?: LockdepOptions,
): Promise<{ session: LockdepSession; lock: Mutex }> {
  const session = watch(options);
  const lock = lockdep.wrap(new Mutex(), name);
  await fence().signalAfter(() => lock.runExclusive(turn));
  return { session, lock };
}

/** Waits as the first thing it does. */
async function load(): Promise<void> {
  await done().wait();
  await turn();
}

describe('a wait in a function that the holder calls', () => {
  test.each<[string, (lock: Mutex) => Promise<void>]>([
    [
      'and awaits',
      async (lock) => {
        const release = await lock.acquire();
        await load();
        release();
      },
    ],
    ['and returns', (lock) => lock.runExclusive(() => load())],
    ['in branches', (lock) => lock.runExclusive(async () => void (await Promise.all([load(), load()])))],
    [
      'in branches that may fail',
      (lock) => lock.runExclusive(async () => void (await Promise.allSettled([load(), load()]))),
    ],
    [
      'through a promise of the old style',
      (lock) => lock.runExclusive(() => new Promise((resolve, reject) => void load().then(resolve, reject))),
    ],
    [
      'behind a callback that settles a promise',
      (lock) =>
        lock.runExclusive(
          () =>
            new Promise((resolve) => {
              const handle = async (next: () => void): Promise<void> => {
                await load();
                next();
              };
              void handle(resolve);
            }),
        ),
    ],
    [
      'and which fails',
      (lock) =>
        lock.runExclusive(async () => {
          const broken = fence();
          broken.fail('EIO');
          const ignore = async (): Promise<void> => {
            await broken.wait().catch(() => undefined);
          };
          await ignore();
        }),
    ],
    [
      'and passes its lock on to',
      async (lock) => {
        const release = await lock.acquire();
        const over = pDefer<void>();
        void (async () => {
          await load();
          release();
          over.resolve();
        })();
        await over.promise;
      },
    ],
  ])('%s is found', async (name, hold) => {
    const { session, lock } = await signallersLock(`called, ${name}`);
    await hold(lock);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test.each<[string, () => void]>([
    ['not awaited', () => void load()],
    ['not awaited, its failure caught', () => void load().catch(() => undefined)],
    [
      'of a listener',
      () => {
        const events = new EventEmitter();
        events.on('change', () => void load());
        events.emit('change');
      },
    ],
  ])('%s is silent', async (name, start) => {
    const { session, lock } = await signallersLock(`started, ${name}`);
    const release = await lock.acquire();
    start();
    for (let count = 0; count < 3; count++) await turn();
    release();
    expect(session.reports).toEqual([]);
  });

  test.each<[string, (loading: Promise<void>) => Promise<void> | undefined, string[]]>([
    ['not awaited', () => undefined, []],
    ['and awaits', (loading) => loading, ['lock-under-wait']],
  ])('%s is told apart in the very turn that turned the validator on', async (name, go, found) => {
    const session = watch();
    const lock = lockdep.classOf(`first turn, ${name}`);
    const held = lockdep.acquire(lock);
    await go(load());
    await turn();
    lockdep.release(held);
    await fence().signalAfter(() => {
      lockdep.release(lockdep.acquire(lock));
    });
    expect(kinds(session)).toEqual(found);
  });

  test('in mode throw rejects where it is awaited, and only there', async () => {
    const { session, lock } = await signallersLock('called, throw', { mode: 'throw' });
    const release = await lock.acquire();
    const beside = load();
    await turn();
    await beside;
    expect(session.reports).toEqual([]);
    await expect(load()).rejects.toThrow('waiters hold lock');
    release();
  });
});

test('branches of a Promise.allSettled are tasks of their own, as those of a Promise.all are', async () => {
  const { session, lock } = await signallersLock('settled');
  async function one(index: number): Promise<void> {
    if (index % 2 === 0) await lock.runExclusive(turn);
    else await turn();
    await done().wait();
  }
  await Promise.allSettled([0, 1, 2, 3].map(one));
  expect(session.reports).toEqual([]);
});

describe('a lock that a called function asks for', () => {
  test('is needed by the holder who awaits it', async () => {
    const { session, lock } = await signallersLock('outer');
    const inner = lockdep.wrap(new Mutex(), 'inner');
    const note = (): Promise<void> => inner.runExclusive(turn);
    await lock.runExclusive(async () => {
      await note();
    });
    await inner.runExclusive(() => lock.runExclusive(turn));
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('is not needed by one who does not, not even where it is the very lock', async () => {
    const { session, lock } = await signallersLock('outer, beside');
    const inner = lockdep.wrap(new Mutex(), 'inner, beside');
    const noteIn = async (mutex: Mutex): Promise<void> => {
      await mutex.runExclusive(turn);
    };
    let beside: Promise<void>[] = [];
    await lock.runExclusive(async () => {
      beside = [noteIn(inner), noteIn(lock)];
      for (let count = 0; count < 3; count++) await turn();
    });
    await Promise.all(beside);
    await inner.runExclusive(() => lock.runExclusive(turn));
    expect(session.reports).toEqual([]);
  });

  test('and which it will never get is found after a while', async () => {
    const { session } = await signallersLock('other');
    using clock = virtualClock();
    const lock = lockdep.wrap(new Mutex(), 'never');
    const again = async (): Promise<void> => {
      await lock.runExclusive(turn);
    };
    const release = await lock.acquire();
    const inside = again();
    await clock.advance(2_000);
    expect(session.reports.map(({ title }) => title)).toEqual([
      'deadlock: lock "never" is taken again by the task that holds it',
    ]);
    release();
    await inside;
  });

  test('and which it will never get is not told once the validator is off', async () => {
    const { session } = await signallersLock('off');
    using clock = virtualClock();
    const lock = lockdep.wrap(new Mutex(), 'never, off');
    const again = async (): Promise<void> => {
      await lock.runExclusive(turn);
    };
    const release = await lock.acquire();
    const inside = again();
    session[Symbol.dispose]();
    await clock.advance(2_000);
    expect(session.reports).toEqual([]);
    release();
    await inside;
  });

  test('and which refuses it was needed all the same', async () => {
    const { session } = await signallersLock('another');
    const lock = lockdep.wrap(withTimeout(new Mutex(), 5), 'refused');
    const again = async (): Promise<void> => {
      await lock.runExclusive(turn).catch(() => undefined);
    };
    const release = await lock.acquire();
    await again();
    release();
    expect(kinds(session)).toEqual(['lock-order']);
  });
});
