import { lockdep, type MutexLike } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { describe, expect, test } from 'vitest';
import { rejection, thrown } from '../support.js';
import { done, fence, kinds, watch } from './support.js';

async function produce(lock: Mutex): Promise<void> {
  await fence().signalAfter(() => lock.runExclusive(() => undefined));
}

describe('a wrapped mutex', () => {
  test('does what it did, with and without the validator', async () => {
    for (const on of [false, true]) {
      if (on) watch();
      const lock = lockdep.wrap(new Mutex(), 'plain');
      expect(lock.isLocked()).toBe(false);
      const release = await lock.acquire();
      expect(lock.isLocked()).toBe(true);
      release();
      release();
      expect(await lock.runExclusive(() => 7)).toBe(7);
      await expect(lock.runExclusive(() => Promise.reject(new Error('of the work')))).rejects.toThrow(
        'of the work',
      );
      expect(lock.isLocked()).toBe(false);
      await lock.waitForUnlock();
      expect(lock).toBeInstanceOf(Mutex);
    }
  });

  test('reports itself through runExclusive', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'exclusive');
    await produce(lock);
    await lock.runExclusive(() => done().wait());
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });

  test('is released by release() on itself as well', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'self released');
    await produce(lock);
    await lock.acquire();
    lock.release();
    lock.release();
    await done().wait();
    expect(session.reports).toEqual([]);
  });

  test('a request that is cancelled holds nothing', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'cancelled');
    await produce(lock);
    const release = await lock.acquire();
    const second = rejection(lockdep.task('another', () => lock.acquire()));
    lock.cancel();
    expect((await second).message).toContain('cancel');
    release();
    await done().wait();
    expect(kinds(session)).toEqual([]);
  });

  test('the turns of many waiters are kept apart', async () => {
    const session = watch();
    const lock = lockdep.wrap(new Mutex(), 'many');
    await produce(lock);
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        await lock.runExclusive(() => Promise.resolve());
        await done().wait();
      }),
    );
    expect(session.reports).toEqual([]);
  });

  test('in mode throw, a request that closes a cycle rejects', async () => {
    watch({ mode: 'throw' });
    const lock = lockdep.wrap(new Mutex(), 'thrown');
    await lock.runExclusive(() => done().wait());
    expect((await rejection(produce(lock))).message).toContain('possible deadlock');
  });

  test('only the shape of a mutex is taken', async () => {
    expect(thrown(() => lockdep.wrap({} as MutexLike, 'none')).code).toBe('EINVAL');
    expect(thrown(() => lockdep.wrap(new Mutex(), '')).code).toBe('EINVAL');
    watch();
    const odd = lockdep.wrap({ acquire: () => Promise.resolve(5) } as unknown as MutexLike, 'odd');
    expect((await rejection(odd.acquire())).code).toBe('EINVAL');
  });

  test('one without runExclusive and release stays without', () => {
    const bare: MutexLike = { acquire: () => Promise.resolve(() => undefined) };
    expect(Object.keys(lockdep.wrap(bare, 'bare'))).toEqual(['acquire']);
    expect('runExclusive' in lockdep.wrap(bare, 'bare')).toBe(false);
  });
});
