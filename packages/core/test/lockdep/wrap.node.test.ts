import { type DmaFence, type DriverFence } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex, Semaphore } from 'async-mutex';
import { Sema } from 'async-sema';
import { createPool } from 'generic-pool';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import { describe, expect, test } from 'vitest';
import { thrown } from '../support.js';
import { fence, kinds, turn, watch } from './support.js';
import { WebLocks } from './web-locks.js';

type Work = () => Promise<unknown>;

/** Node has them from 24.5 on. */
const platformLocks = (globalThis as { navigator?: { locks?: WebLocks } }).navigator?.locks;

interface Connection {
  readonly id: number;
}

const connections = () => {
  let id = 0;
  const factory = {
    create: (): Promise<Connection> => Promise.resolve({ id: ++id }),
    destroy: (): Promise<void> => Promise.resolve(),
  };
  return createPool(factory, { max: 3, min: 0 });
};

/** Every kind of limiter, with room for three, as something that runs work under a slot. */
const limiters: [string, () => (work: Work) => Promise<unknown>][] = [
  [
    'p-limit',
    () => {
      const limit = lockdep.wrap(pLimit(3), 'downloads');
      return (work) => limit(work);
    },
  ],
  [
    'p-limit, map',
    () => {
      const limit = lockdep.wrap(pLimit(3), 'downloads');
      return (work) => limit.map([1], work);
    },
  ],
  [
    'p-queue',
    () => {
      const queue = lockdep.wrap(new PQueue({ concurrency: 3 }), 'downloads');
      return (work) => queue.add(work);
    },
  ],
  [
    'p-queue, addAll',
    () => {
      const queue = lockdep.wrap(new PQueue({ concurrency: 3 }), 'downloads');
      return (work) => queue.addAll([work]);
    },
  ],
  [
    'a semaphore of async-mutex',
    () => {
      const semaphore = lockdep.wrap(new Semaphore(3), 'downloads');
      return async (work) => {
        const [, release] = await semaphore.acquire();
        await work();
        release();
      };
    },
  ],
  [
    'a semaphore of async-mutex that is given back through itself',
    () => {
      const semaphore = lockdep.wrap(new Semaphore(3), 'downloads');
      return async (work) => {
        await semaphore.acquire();
        await work();
        semaphore.release();
      };
    },
  ],
  [
    'a semaphore of async-mutex, runExclusive',
    () => {
      const semaphore = lockdep.wrap(new Semaphore(3), 'downloads');
      return (work) => semaphore.runExclusive(work);
    },
  ],
  [
    'async-sema',
    () => {
      const sema = lockdep.wrap(new Sema(3), 'downloads');
      return async (work) => {
        const token: unknown = await sema.acquire();
        await work();
        sema.release(token);
      };
    },
  ],
  [
    'generic-pool',
    () => {
      const pool = lockdep.wrap(connections(), 'downloads');
      return async (work) => {
        const connection = await pool.acquire();
        await work();
        await pool.release(connection);
      };
    },
  ],
  [
    'generic-pool, use',
    () => {
      const pool = lockdep.wrap(connections(), 'downloads');
      return (work) => pool.use(work);
    },
  ],
];

describe.each(limiters)('%s', (_name, make) => {
  test('work that holds a slot and awaits work that needs one is reported once, with both stacks', async () => {
    const session = watch();
    const run = make();
    async function inner(): Promise<void> {
      await turn();
    }
    async function outer(): Promise<void> {
      await turn();
      await run(inner);
      await turn();
    }
    await run(outer);
    await run(outer);
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
    const [report] = session.reports;
    expect(report?.title).toBe(
      'possible deadlock: work that holds slots of downloads waits for work that needs them',
    );
    expect(report?.places.length).toBe(2);
    expect(report?.places[1]?.stack.join('\n')).toContain('outer');
    expect(report?.advice).toContain('a limiter of its own');
  });

  test('work that holds a slot and waits for a fence that is signaled under one is reported', async () => {
    const session = watch();
    const run = make();
    const drawn = fence();
    await Promise.all([
      run(async () => {
        await drawn.wait();
        await turn();
      }),
      run(async () => {
        await turn();
        drawn.signal();
      }),
    ]);
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('and for a fence whose own work needs one, in whatever order', async () => {
    const session = watch();
    const run = make();
    const drawn = fence();
    const drawing = drawn.signalAfter(async () => {
      await turn();
      await run(turn);
    });
    await run(async () => {
      await drawn.wait();
      await turn();
    });
    await drawing;
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('a slot held over a lock that others hold while they need a slot is reported', async () => {
    const session = watch();
    const run = make();
    const mutex = lockdep.wrap(new Mutex(), 'cache');
    await run(async () => {
      const release = await mutex.acquire();
      await turn();
      release();
      await turn();
    });
    const release = await mutex.acquire();
    await run(turn);
    release();
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('silent: many at once, one after the other, and work that hands on more work without awaiting it', async () => {
    const session = watch();
    const run = make();
    const later: Promise<unknown>[] = [];
    const crawl = async (depth: number): Promise<void> => {
      await turn();
      if (depth > 0) {
        later.push(run(() => crawl(depth - 1)));
        run(() => crawl(depth - 1)).catch(() => undefined);
      }
      await turn();
    };
    await Promise.all([run(() => crawl(2)), run(() => crawl(1)), run(() => crawl(0)), run(turn), run(turn)]);
    while (later.length > 0) await later.shift();
    for (let i = 0; i < 3; i++) await run(turn);
    await turn();
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('silent: a slot over a wait for a fence that others signal, and a lock always taken before it', async () => {
    const session = watch();
    const run = make();
    const mutex = lockdep.wrap(new Mutex(), 'cache');
    const signalSoon = (what: DriverFence): DmaFence => {
      setImmediate(() => what.signal());
      return what;
    };
    for (let i = 0; i < 3; i++) {
      const release = await mutex.acquire();
      await run(async () => {
        await signalSoon(fence()).wait();
        await turn();
      });
      release();
    }
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('answers as it did, also with what is thrown, and when no validator is on', async () => {
    const run = make();
    const failed = new Error('no');
    await expect(run(() => Promise.reject(failed))).rejects.toBe(failed);
    {
      const session = watch();
      await expect(make()(() => Promise.reject(failed))).rejects.toBe(failed);
      session[Symbol.dispose]();
    }
    await run(turn);
  });
});

describe('a wrapped limiter', () => {
  test('keeps its properties and its other methods', async () => {
    const limit = lockdep.wrap(pLimit(2), 'downloads');
    expect([limit.activeCount, limit.pendingCount, limit.concurrency]).toEqual([0, 0, 2]);
    limit.concurrency = 3;
    expect(limit.concurrency).toBe(3);
    expect(await limit((a: number, b: number) => a + b, 1, 2)).toBe(3);
    const queue = lockdep.wrap(new PQueue({ concurrency: 2 }), 'downloads');
    const active: number[] = [];
    queue.on('active', () => active.push(queue.pending));
    expect(await queue.add(() => 7)).toBe(7);
    expect(active).toEqual([1]);
    expect(queue.concurrency).toBe(2);
    const semaphore = lockdep.wrap(new Semaphore(2), 'downloads');
    expect(semaphore.getValue()).toBe(2);
    const sema = lockdep.wrap(new Sema(2), 'downloads');
    expect(sema.nrWaiting()).toBe(0);
  });

  test('a task of a queue that awaits the queue', async () => {
    for (const wait of ['onIdle', 'onEmpty'] as const) {
      const session = watch();
      const queue = lockdep.wrap(new PQueue({ concurrency: 2 }), 'writes');
      void queue.add(async () => {
        await turn();
        await Promise.race([queue[wait](), turn()]);
        await turn();
      });
      await queue.onIdle();
      await turn();
      expect(kinds(session), wait).toEqual(['lock-order']);
      session[Symbol.dispose]();
    }
  });

  test('what is tried never waits, and is held all the same', async () => {
    const session = watch();
    const sema = lockdep.wrap(new Sema(2), 'downloads');
    async function twice(): Promise<void> {
      expect(sema.tryAcquire()).toBeDefined();
      await turn();
      expect(sema.tryAcquire()).toBeDefined();
      sema.release();
      await turn();
      expect(kinds(session)).toEqual([]);
      await sema.acquire();
      sema.release();
      sema.release();
    }
    await twice();
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('two limiters that need each other', async () => {
    const session = watch();
    const [reads, writes] = ['reads', 'writes'].map((name) => lockdep.wrap(pLimit(2), name));
    if (reads === undefined || writes === undefined) return;
    await reads(() => writes(turn));
    await turn();
    expect(kinds(session)).toEqual([]);
    await writes(() => reads(turn));
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
    expect(session.reports[0]?.text).toContain('slots of reads');
  });

  test('anything else is refused', () => {
    for (const wrong of [undefined, null, 5, {}, { acquire: 5 }]) {
      expect(thrown(() => lockdep.wrap(wrong as never, 'x'))).toMatchObject({ code: 'EINVAL' });
    }
    expect(thrown(() => lockdep.wrap(pLimit(1), ''))).toMatchObject({ code: 'EINVAL' });
  });
});

describe('Web Locks', () => {
  const make = (): WebLocks => lockdep.wrap(new WebLocks(), 'web locks');

  test('held over a wait, and taken by who signals', async () => {
    const session = watch();
    const locks = make();
    const over = fence();
    over.signal();
    await locks.request('cache', async () => {
      await over.wait();
      await turn();
    });
    await fence().signalAfter(() => locks.request('cache', turn));
    await turn();
    expect(kinds(session)).toEqual(['lock-under-wait']);
    expect(session.reports[0]?.names).toContain('cache');
    expect(session.reports[0]?.places.every(({ stack }) => stack.length > 0)).toBe(true);
  });

  test('taken in opposite orders, and again by its holder', async () => {
    const session = watch();
    const locks = make();
    await locks.request('a', () => locks.request('b', turn));
    await locks.request('b', () => locks.request('a', turn));
    await turn();
    expect(kinds(session)).toEqual(['lock-order']);
    void locks.request('c', async () => {
      await turn();
      void locks.request('c', { ifAvailable: true }, turn);
      await Promise.race([locks.request('c', turn), turn()]);
      await turn();
    });
    for (let i = 0; i < 6; i++) await turn();
    expect(session.reports.map(({ title }) => title)).toContain(
      'deadlock: lock "c" is taken again by the task that holds it',
    );
  });

  test('silent: released before the wait, shared twice, only tried, in one order', async () => {
    const session = watch();
    const locks = make();
    const over = fence();
    over.signal();
    await locks.request('cache', turn);
    await over.wait();
    await fence().signalAfter(() => locks.request('cache', turn));
    await locks.request('table', async () => {
      await over.wait();
      await turn();
    });
    await fence().signalAfter(() => locks.request('table', { ifAvailable: true }, turn));
    await locks.request('page', { mode: 'shared' }, () => locks.request('page', { mode: 'shared' }, turn));
    for (let i = 0; i < 2; i++) await locks.request('a', () => locks.request('b', turn));
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('answer what the callback answers, null when not to be had, and reject with what it throws', async () => {
    watch();
    const locks = make();
    expect(await locks.request('x', () => 7)).toBe(7);
    await locks.request('x', async () => {
      expect(await locks.request('x', { ifAvailable: true }, (lock) => lock)).toBeNull();
    });
    const failed = new Error('no');
    await expect(
      locks.request('x', () => {
        throw failed;
      }),
    ).rejects.toBe(failed);
    expect((await locks.query()).held).toEqual([]);
  });

  test.skipIf(platformLocks === undefined)('as this platform has them', async () => {
    const session = watch();
    const locks = lockdep.wrap(platformLocks as WebLocks, 'web locks');
    const over = fence();
    over.signal();
    await locks.request('cache', async () => {
      await over.wait();
      await turn();
    });
    await fence().signalAfter(() => locks.request('cache', turn));
    await turn();
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });
});
