import { beginSignalling } from '@dma-fence/core';
import { lockdep, type LockClass } from '@dma-fence/core/lockdep';
import { expect, test } from 'vitest';
import { done, kinds, turn, watch } from './support.js';

// Who holds a lock: the function that took it, or one that it was passed on to; never one that merely runs beside it.

/** A lock that code that signals fences takes: held over a wait, it is a finding. */
function learn(name: string): LockClass {
  const lockClass = lockdep.classOf(name);
  const section = beginSignalling();
  lockdep.release(lockdep.acquire(lockClass));
  section.end();
  return lockClass;
}

test('a helper that takes a lock for its caller leaves it to the caller: shown by who gives it back', async () => {
  const session = watch();
  const cache = learn('passed up');
  const take = (): (() => void) => {
    const held = lockdep.acquire(cache);
    return () => {
      lockdep.release(held);
    };
  };
  async function handle(): Promise<void> {
    const release = take();
    await done().wait();
    release();
  }
  await handle();
  expect(kinds(session)).toEqual(['lock-under-wait']);
});

test('a helper that waits deep inside is seen as well', async () => {
  const session = watch();
  const cache = learn('passed up, waited for deep inside');
  const take = (): Disposable => lockdep.acquire(cache);
  async function waitForIt(): Promise<void> {
    await turn();
    await done().wait();
  }
  async function handle(): Promise<void> {
    using _held = take();
    await turn();
    await waitForIt();
  }
  await handle();
  expect(kinds(session)).toEqual(['lock-under-wait']);
});

test('a function that took a lock and is not awaited keeps it to itself', async () => {
  const session = watch();
  const cache = learn('kept to itself');
  async function holder(): Promise<void> {
    const held = lockdep.acquire(cache);
    for (let count = 0; count < 5; count++) await turn();
    lockdep.release(held);
  }
  const holding = holder();
  await turn();
  await done().wait();
  await holding;
  expect(session.reports).toEqual([]);
});

test('a lock of the own house, told of when it is granted, belongs to who awaited it', async () => {
  const session = watch();
  const cache = learn('house');
  async function lock(): Promise<() => void> {
    await Promise.resolve();
    const held = lockdep.acquire(cache);
    return () => {
      lockdep.release(held);
    };
  }
  async function handle(): Promise<void> {
    const release = await lock();
    await done().wait();
    release();
  }
  await lockdep.task('request', handle);
  expect(kinds(session)).toEqual(['lock-under-wait']);
});

test('without a task of its own too; another run of the same code beside it is silent', async () => {
  const session = watch();
  const cache = learn('house, no task');
  async function lock(): Promise<() => void> {
    await turn();
    const held = lockdep.acquire(cache, {});
    return () => {
      lockdep.release(held);
    };
  }
  async function handle(waits: boolean): Promise<void> {
    if (waits) {
      await turn();
      await turn();
      await done().wait();
      return;
    }
    const release = await lock();
    for (let count = 0; count < 4; count++) await turn();
    release();
  }
  const requests = [handle(false), handle(true)];
  for (const request of requests) await request;
  expect(session.reports).toEqual([]);
  const release = await lock();
  await done().wait();
  release();
  expect(kinds(session)).toEqual(['lock-under-wait']);
});

test('a lock of the own house in a second task is not that of the first', async () => {
  const session = watch();
  const cache = learn('house, two tasks');
  async function lock(): Promise<Disposable> {
    await turn();
    return lockdep.acquire(cache, {});
  }
  async function work(): Promise<void> {
    {
      using _held = await lock();
      await turn();
      await turn();
    }
    await done().wait();
  }
  await Promise.all([
    lockdep.task('one', work),
    lockdep.task('two', async () => {
      await turn();
      await turn();
      await work();
    }),
  ]);
  expect(session.reports).toEqual([]);
});

test('a lock that is given back in a then is held until there', async () => {
  const session = watch();
  const cache = learn('then');
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      const held = lockdep.acquire(cache);
      void done()
        .wait()
        .then(() => {
          lockdep.release(held);
          resolve();
        });
    });
  });
  expect(kinds(session)).toEqual(['lock-under-wait']);
});

test('a lock given back in the turn of the wait was not held over it', async () => {
  const session = watch();
  const cache = learn('one turn');
  const take = (): Disposable => lockdep.acquire(cache);
  const held = take();
  const waiting = done().wait();
  held[Symbol.dispose]();
  await waiting;
  expect(session.reports).toEqual([]);
});

test('what runs beside the holder under the same await is another task', async () => {
  const session = watch();
  const cache = learn('race');
  async function lock(): Promise<Disposable> {
    await Promise.resolve();
    return lockdep.acquire(cache);
  }
  const holder = async (): Promise<void> => {
    using _held = await lock();
    await turn();
    await turn();
  };
  const waiter = async (): Promise<void> => {
    await turn();
    await done().wait();
  };
  await Promise.race([holder(), waiter()]);
  await turn();
  await turn();
  expect(session.reports).toEqual([]);
});
