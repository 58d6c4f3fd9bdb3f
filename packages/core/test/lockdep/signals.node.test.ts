import { EventEmitter } from 'node:events';
import { fenceArray, FenceTimeline, waitAll, type DmaFence, type DriverFence } from '@dma-fence/core';
import { lockdep, LockdepError } from '@dma-fence/core/lockdep';
import { SharedTimeline } from '@dma-fence/core/shared';
import { Mutex } from 'async-mutex';
import { describe, expect, onTestFinished, test } from 'vitest';
import { context, rejection, timeline } from '../support.js';
import { done, fence, kinds, turn, watch } from './support.js';

const mutex = (name: string): Mutex => lockdep.wrap(new Mutex(), name);

async function waitUnder(lock: Mutex, what: DmaFence): Promise<void> {
  const release = await lock.acquire();
  await what.wait();
  release();
}

async function signalUnder(lock: Mutex, what: DriverFence): Promise<void> {
  const release = await lock.acquire();
  what.signal();
  release();
}

describe('signaled under a lock that waiters hold', () => {
  test('is one report with both stacks, in either order', async () => {
    for (const waitsFirst of [false, true]) {
      const session = watch();
      const lock = mutex('session');
      const wait = (): Promise<void> => waitUnder(lock, done());
      const signal = (): Promise<void> => signalUnder(lock, fence());
      for (const step of waitsFirst ? [wait, signal] : [signal, wait]) await step();
      await wait();
      await signal();
      await turn();
      expect(kinds(session)).toEqual(['lock-under-wait']);
      const [report] = session.reports;
      expect(report?.title).toBe('possible deadlock: waiters hold lock "session", signallers take it');
      const stacks = report?.places.map(({ what, stack }) => [what.trim(), stack[0]?.split(' ')[0]]);
      expect(stacks).toEqual([
        ['(1) lock "session" was taken', 'async'],
        [expect.stringMatching(/^and fence .* was waited for while it was held$/), 'waitUnder'],
        ['(2) lock "session" was taken', 'async'],
        [expect.stringMatching(/^and fence .* was signaled while it was held$/), 'signalUnder'],
      ]);
      expect(report?.text).toContain('is signaled by code that holds lock "session" (2)');
      expect(report?.advice).toContain('signal after "session" is released');
      session[Symbol.dispose]();
    }
  });

  test.each<[string, (lock: Mutex) => Promise<void>]>([
    [
      'fail',
      async (lock) => {
        const release = await lock.acquire();
        fence().fail('EIO');
        release();
      },
    ],
    [
      'advanceTo of a timeline of which nobody has a fence',
      async (lock) => {
        const release = await lock.acquire();
        timeline().advanceTo(3);
        release();
      },
    ],
    [
      'advanceTo of a shared timeline',
      async (lock) => {
        const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
        onTestFinished(() => {
          own[Symbol.dispose]();
        });
        await lock.runExclusive(async () => {
          await Promise.resolve();
          own.advanceTo(1);
        });
      },
    ],
    [
      'a signal in a function that the holder calls',
      async (lock) => {
        const finish = (what: DriverFence): void => {
          what.signal();
        };
        const release = await lock.acquire();
        finish(fence());
        release();
      },
    ],
  ])('%s counts as well', async (_what, signal) => {
    const session = watch();
    const lock = mutex('session');
    await signal(lock);
    await waitUnder(lock, done());
    await turn();
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test("with a lock of one's own", async () => {
    const session = watch();
    const own = lockdep.classOf('table');
    const held = lockdep.acquire(own);
    fence().signal();
    lockdep.release(held);
    const over = done();
    const again = lockdep.acquire(own);
    await over.wait();
    lockdep.release(again);
    await turn();
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('with a class a context: only a fence of the context that is waited for', async () => {
    const session = watch({ fenceClasses: 'context' });
    const lock = mutex('session');
    const [own, other] = [context(), context()];
    const signaled = (of: typeof own): DriverFence => {
      const made = of.createFence();
      made.signal();
      return made;
    };
    await signalUnder(lock, own.createFence());
    await waitUnder(lock, signaled(other));
    await turn();
    expect(kinds(session)).toEqual([]);
    await waitUnder(lock, signaled(own));
    await turn();
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('in mode throw the wait that completes it rejects; a signal throws nothing at its caller, and all hear of it', async () => {
    watch({ mode: 'throw' });
    const lock = mutex('session');
    await signalUnder(lock, fence());
    const over = done();
    const release = await lock.acquire();
    expect(await rejection(over.wait())).toBeInstanceOf(LockdepError);
    release();
  });
});

describe('and silent is', () => {
  test('a signal after the lock is released, or before it is taken', async () => {
    const session = watch();
    const lock = mutex('session');
    await waitUnder(lock, done());
    const queue: DriverFence[] = [fence(), fence()];
    const release = await lock.acquire();
    const next = queue.shift();
    release();
    next?.signal();
    queue.shift()?.signal();
    (await lock.acquire())();
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('a wait after the lock is released', async () => {
    const session = watch();
    const lock = mutex('session');
    const signaled = done();
    await signalUnder(lock, fence());
    const release = await lock.acquire();
    release();
    await signaled.wait();
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('a wait for what the holder itself has signaled', async () => {
    const session = watch();
    const lock = mutex('session');
    for (let round = 0; round < 3; round++) {
      await lock.runExclusive(async () => {
        const own = fence();
        own.signal();
        await own.wait();
        using both = fenceArray([own]);
        await both.wait();
      });
    }
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('a signal of another task while somebody holds the lock', async () => {
    const session = watch();
    const lock = mutex('session');
    const other = fence();
    setImmediate(() => other.signal());
    await waitUnder(lock, other);
    const events = new EventEmitter();
    const third = fence();
    events.once('interrupt', () => third.signal());
    const release = await lock.acquire();
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        events.emit('interrupt');
        resolve();
      });
    });
    await third.wait();
    release();
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('a poll under the lock that finds the work done: whoever looks is no signaller', async () => {
    const session = watch();
    const lock = mutex('session');
    const polled = context({ ops: { isSignaled: () => true } }).createFence();
    const enabled = context({ ops: { enableSignaling: () => false } }).createFence();
    await lock.runExclusive(async () => {
      await Promise.resolve();
      polled.poll();
      enabled.enableSignaling();
    });
    await waitUnder(lock, done());
    await turn();
    expect(kinds(session)).toEqual([]);
  });

  test('looking at a shared timeline under the lock, which another thread has advanced', async () => {
    const session = watch();
    const lock = mutex('session');
    const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    using waiting = own.fenceAt(1);
    own.advanceTo(1);
    await lock.runExclusive(async () => {
      await Promise.resolve();
      own.fenceAt(1).put();
      expect(waiting.poll()).toBe(true);
    });
    await waitUnder(lock, done());
    await turn();
    expect(kinds(session)).toEqual([]);
    own[Symbol.dispose]();
  });

  test('work that is started under the lock and signals when it is done', async () => {
    const session = watch();
    const lock = mutex('session');
    const submitted = fence();
    await lock.runExclusive(async () => {
      await Promise.resolve();
      void submitted.signalAfter(() => turn());
    });
    await submitted.wait();
    await waitUnder(lock, done());
    await turn();
    expect(kinds(session)).toEqual([]);
  });
});

describe('inside the work of a fence, a wait for a later one of its context', () => {
  test('is reported before it blocks, once a timeline', async () => {
    const session = watch();
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const work = first.signalAfter(async () => {
      await second.wait();
    });
    await Promise.resolve();
    expect(kinds(session)).toEqual(['in-order']);
    const [report] = session.reports;
    expect(report?.names).toEqual([first.name, second.name]);
    expect(report?.text).toContain('a context signals in order');
    expect(report?.places.every(({ stack }) => stack.length > 0)).toBe(true);
    second.signal();
    await work;
    expect(kinds(session)).toEqual(['in-order']);
  });

  test('also when it has signaled already, behind others, in a container, and in a function that the work awaits', async () => {
    const wait = async (what: DmaFence): Promise<void> => {
      await what.wait();
    };
    for (const late of [
      (second: DmaFence) => second.wait(),
      (second: DmaFence) => waitAll([done(), second]),
      (second: DmaFence) => wait(second),
      async (second: DmaFence) => {
        await turn();
        await wait(second);
      },
      async (second: DmaFence) => {
        using both = fenceArray([done(), second]);
        await both.wait();
      },
    ]) {
      const session = watch();
      const own = context();
      const [first, second] = [own.createFence(), own.createFence()];
      second.signal();
      await first.signalAfter(async () => {
        await late(second);
        await turn();
      });
      await turn();
      expect(kinds(session), late.toString()).toEqual(['in-order']);
      session[Symbol.dispose]();
    }
  });

  test('also when it blocks', () => {
    const session = watch();
    const own = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    own.advanceTo(2);
    using blocked = own.fenceAt(2);
    expect(blocked.signaled).toBe(true);
    expect(kinds(session)).toEqual([]);
    own[Symbol.dispose]();
  });

  test.each<[string, (own: ReturnType<typeof context>) => Promise<void>]>([
    [
      'an earlier one',
      async (own) => {
        const [first, second] = [own.createFence(), own.createFence()];
        const work = second.signalAfter(() => first.wait());
        first.signal();
        await work;
      },
    ],
    [
      'a later one of another context',
      async (own) => {
        const first = own.createFence();
        const other = context();
        other.createFence().signal();
        const later = other.createFence();
        const work = first.signalAfter(() => later.wait());
        later.signal();
        await work;
      },
    ],
    [
      'a later one that a function waits for which the work starts and does not await',
      async (own) => {
        const [first, second] = [own.createFence(), own.createFence()];
        const follow = async (what: DmaFence): Promise<void> => {
          await what.wait();
        };
        await first.signalAfter(async () => {
          await turn();
          void follow(second);
          await turn();
        });
        second.signal();
        await turn();
      },
    ],
    [
      'a later one, after the section',
      async (own) => {
        const [first, second] = [own.createFence(), own.createFence()];
        await first.signalAfter(() => turn());
        const waiting = second.wait();
        second.signal();
        await waiting;
      },
    ],
    [
      'the next one, waited for once this one has signaled in the same turn',
      async (own) => {
        const [first, second] = [own.createFence(), own.createFence()];
        first.beginSignalling();
        const waiting = second.wait();
        first.signal();
        second.signal();
        await waiting;
      },
    ],
  ])('silent for %s', async (_what, run) => {
    const session = watch();
    await run(context());
    await turn();
    expect(kinds(session)).toEqual([]);
  });
});

test('a timeline that nobody holds a lock for is not looked at', () => {
  const session = watch();
  using own = new FenceTimeline({ driverName: 'gpu', timelineName: 'ring0' });
  own.advanceTo(5);
  expect(session.reports).toEqual([]);
});
