import {
  beginSignalling,
  fenceArray,
  fenceChain,
  waitAll,
  type DmaFence,
  type DmaFenceContext,
} from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { describe, expect, test } from 'vitest';
import { context } from '../support.js';
import { done, fence, kinds, turn, watch } from './support.js';

// Each kind of finding: the bug on a schedule on which nothing hangs, and its repaired twin.

describe('1. a lock held during a wait, and taken inside a signalling section', () => {
  async function holdAndWait(lock: Mutex, over: DmaFence): Promise<void> {
    const release = await lock.acquire();
    await over.wait();
    release();
  }

  async function waitAfterwards(lock: Mutex, over: DmaFence): Promise<void> {
    const release = await lock.acquire();
    release();
    await over.wait();
  }

  async function produce(lock: Mutex): Promise<void> {
    await fence('copy').signalAfter(async () => {
      const release = await lock.acquire();
      release();
    });
  }

  test('is found, one after the other, with nothing blocked', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cache');
    await holdAndWait(lock, done());
    await produce(lock);
    expect(kinds(session)).toEqual(['lock-under-wait']);
    expect(session.reports[0]?.names).toContain('cache');
  });

  test('is found in the other order too', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cache');
    await produce(lock);
    await holdAndWait(lock, done());
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('is found for a lock that is announced by hand, in a free section', async () => {
    const session = watch();
    const cache = lockdep.classOf('cache');
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(cache));
    section.end();
    const held = lockdep.acquire(cache);
    await done().wait();
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('is silent when the wait comes after the release', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cache');
    await waitAfterwards(lock, done());
    await produce(lock);
    expect(session.reports).toEqual([]);
  });

  test('is silent when the wait begins under the lock and is awaited after it', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cache');
    await produce(lock);
    const release = await lock.acquire();
    const waiting = done().wait();
    release();
    await waiting;
    expect(session.reports).toEqual([]);
  });

  test('is silent when another task waits meanwhile', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cache');
    await produce(lock);
    const holder = async (): Promise<void> => {
      const release = await lock.acquire();
      await turn();
      release();
    };
    const waiter = async (): Promise<void> => {
      await Promise.resolve();
      await done().wait();
    };
    await Promise.all([holder(), waiter()]);
    const held = holder();
    await waiter();
    await done().wait();
    await held;
    expect(session.reports).toEqual([]);
  });
});

describe('2. locks in a circle', () => {
  async function both(first: Mutex, second: Mutex): Promise<void> {
    const outer = await first.acquire();
    const inner = await second.acquire();
    inner();
    outer();
  }

  test('two locks in opposite orders are found', async () => {
    const session = watch();
    const [a, b] = [lockdep.wrap(new Mutex(), 'a'), lockdep.wrap(new Mutex(), 'b')];
    await both(a, b);
    await both(b, a);
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('two locks in one order are silent', async () => {
    const session = watch();
    const [a, b] = [lockdep.wrap(new Mutex(), 'a'), lockdep.wrap(new Mutex(), 'b')];
    await Promise.all([both(a, b), both(a, b), both(a, b)]);
    expect(session.reports).toEqual([]);
  });

  test('a lock taken again by its holder is found before it blocks', async () => {
    const session = watch({ mode: 'throw' });
    const a = lockdep.wrap(new Mutex(), 'a');
    const release = await a.acquire();
    await expect(a.acquire()).rejects.toThrow('taken again');
    release();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('two locks of one class in opposite orders are found, in one order they are silent', async () => {
    const session = watch();
    const [x, y] = [lockdep.wrap(new Mutex(), 'account'), lockdep.wrap(new Mutex(), 'account')];
    await both(x, y);
    await both(x, y);
    expect(session.reports).toEqual([]);
    await both(y, x);
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('producers that wait for each other are found with a class for each context', async () => {
    const session = watch({ fenceClasses: 'context' });
    const [copy, draw] = [done('copy'), done('draw')];
    const of = (over: DmaFence): DmaFence => over;
    await copy.context.createFence().signalAfter(() => of(draw).wait());
    expect(session.reports).toEqual([]);
    await draw.context.createFence().signalAfter(() => of(copy).wait());
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('producers that wait in one direction are silent', async () => {
    const session = watch({ fenceClasses: 'context' });
    const [copy, draw] = [done('copy'), done('draw')];
    await copy.context.createFence().signalAfter(() => draw.wait());
    await copy.context.createFence().signalAfter(() => draw.wait());
    expect(session.reports).toEqual([]);
  });
});

describe('3. a wait for the fence of the own section', () => {
  test('is found before it blocks', async () => {
    const session = watch({ mode: 'throw' });
    const own = fence();
    await expect(own.signalAfter(() => own.wait())).rejects.toThrow('is waited for in its own section');
    expect(kinds(session)).toEqual(['self-wait']);
  });

  test('is found in a section that was begun by hand, and by waitAll', async () => {
    const session = watch({ mode: 'throw' });
    const own = fence();
    own.beginSignalling();
    await expect(waitAll([done(), own])).rejects.toThrow('is waited for in its own section');
    expect(kinds(session)).toEqual(['self-wait']);
    own.signal();
  });

  test('is found behind an array and a chain', async () => {
    const session = watch({ mode: 'throw' });
    const own = fence();
    using both = fenceArray([done(), own]);
    using chain = fenceChain(undefined, both, 1);
    await expect(own.signalAfter(() => chain.wait())).rejects.toThrow(own.name);
    expect(kinds(session)).toEqual(['self-wait']);
  });

  test('a wait for another fence is silent, nested sections too', async () => {
    const session = watch();
    await fence().signalAfter(async () => {
      await done().wait();
      await fence('inner').signalAfter(() => done().wait());
    });
    expect(session.reports).toEqual([]);
  });

  test('a wait of whoever asked for the work is silent', async () => {
    const session = watch();
    const submit = (): DmaFence => {
      const job = fence();
      job.beginSignalling();
      setImmediate(() => job.signal());
      return job;
    };
    await submit().wait();
    expect(session.reports).toEqual([]);
  });
});

describe('4. sections', () => {
  test('a free section that is open when its turn ends is found, ended later or never', async () => {
    const session = watch();
    const section = beginSignalling();
    await Promise.resolve();
    section.end();
    expect(kinds(session)).toEqual(['open-section']);
    expect(session.reports[0]?.places[0]?.stack[0]).toContain('kinds.node.test.ts');
  });

  test('one that ends in its turn is silent', async () => {
    const session = watch();
    {
      using _outer = beginSignalling();
      using _inner = beginSignalling();
      fence().signal();
    }
    await turn();
    expect(session.reports).toEqual([]);
  });

  test('an end out of order is found', () => {
    const session = watch();
    const [outer, inner] = [beginSignalling(), beginSignalling()];
    outer.end();
    inner.end();
    expect(kinds(session)).toEqual(['section-order']);
  });
});

describe('5. what the contract forbids', () => {
  test('a wait in a callback is found', () => {
    const session = watch();
    const own = fence();
    own.addCallback(() => void done().wait());
    own.signal();
    expect(kinds(session)).toEqual(['forbidden']);
  });

  test('a task that a callback sets going may wait', async () => {
    const session = watch();
    const own = fence();
    own.addCallback(() => {
      queueMicrotask(() => void done().wait());
    });
    own.signal();
    await turn();
    expect(session.reports).toEqual([]);
  });
});

describe('in report mode', () => {
  test('a wait under a lock signals, polls and collects nothing', async () => {
    const session = watch();
    let asked = 0;
    const older = context({ ops: { isSignaled: () => ++asked > 0 } }).createFence();
    const newer = fence();
    using first = fenceChain(undefined, older, 1);
    using chain = fenceChain(first, newer, 2);
    asked = 0;
    const held = lockdep.acquire(lockdep.classOf('cache of a device'));
    const waited = chain.wait();
    expect([asked, older.status, chain.data.previous]).toEqual([0, 'pending', first]);
    newer.signal();
    await waited;
    lockdep.release(held);
    expect(kinds(session)).toEqual([]);
  });
});

describe('with a class for each context', () => {
  /** A wait for a fence of `ring` under `lock`. */
  async function waitUnder(lock: string, ring: DmaFenceContext): Promise<void> {
    const held = lockdep.acquire(lockdep.classOf(lock));
    const waited = ring.createFence();
    waited.signal();
    await waited.wait();
    lockdep.release(held);
  }

  /** A lock that is taken where a fence of `ring` is owed. */
  async function takeIn(ring: DmaFenceContext, lock: string): Promise<void> {
    await ring.createFence().signalAfter(() => {
      lockdep.release(lockdep.acquire(lockdep.classOf(lock)));
    });
  }

  test('one that was met before 512 others is forgotten, so that memory has a bound', async () => {
    const session = watch({ fenceClasses: 'context', stacks: false });
    const [old, young] = [context({ timelineName: 'old' }), context({ timelineName: 'young' })];
    await waitUnder('before many', old);
    for (let count = 0; count < 511; count++)
      await waitUnder('of many', context({ timelineName: 'request' }));
    await waitUnder('before many', young);
    await takeIn(old, 'before many');
    expect(kinds(session)).toEqual([]);
    await takeIn(young, 'before many');
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('one that is met again and again is not', async () => {
    const session = watch({ fenceClasses: 'context', stacks: false });
    const ring = context({ timelineName: 'device' });
    await waitUnder('of a device', ring);
    for (let count = 0; count < 600; count++) {
      await waitUnder('of many', context({ timelineName: 'request' }));
      if (count % 100 === 0) await waitUnder('of a device', ring);
    }
    await takeIn(ring, 'of a device');
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('contexts of the same names are one report, however many there are', async () => {
    const session = watch({ fenceClasses: 'context' });
    for (let count = 0; count < 3; count++) {
      const ring = context({ timelineName: 'each request' });
      await waitUnder('of requests', ring);
      await takeIn(ring, 'of requests');
    }
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });
});
