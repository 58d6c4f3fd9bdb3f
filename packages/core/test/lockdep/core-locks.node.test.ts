import {
  AcquireContext,
  beginSignalling,
  DmaReservation,
  lockReservations,
  type DmaFence,
} from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { describe, expect, test } from 'vitest';
import { rejection } from '../support.js';
import * as core from '../../src/validator.js';
import { done, fence, kinds, turn, watch } from './support.js';

async function lockAndUnlock(reservation: DmaReservation): Promise<void> {
  (await reservation.lock()).unlock();
}

/** Reservations that one of each pair is locked after the other, without a transaction. */
async function both(first: DmaReservation, second: DmaReservation): Promise<void> {
  const outer = await first.lock();
  const inner = await second.lock();
  inner.unlock();
  outer.unlock();
}

describe('a reservation', () => {
  test('locked in a free section, in a callback, or in the section of a fence is found', async () => {
    const session = watch();
    const buffer = new DmaReservation({ name: 'buffer' });
    const section = beginSignalling();
    const first = lockAndUnlock(buffer);
    section.end();
    await first;
    const own = fence('callback');
    own.addCallback(() => void lockAndUnlock(buffer));
    own.signal();
    await turn();
    expect(session.reports.map(({ title }) => title)).toEqual([
      'lock "buffer" is taken in a free signalling section',
      expect.stringMatching(/^lock "buffer" is taken in a callback of gpu:callback:/),
    ]);
    const other = watch();
    await fence('section').signalAfter(() => lockAndUnlock(buffer));
    expect(other.reports[0]?.title).toMatch(/^lock "buffer" is taken in the section of gpu:section:/);
  });

  test('locked during a wait closes a cycle; unlocked before it, it does not', async () => {
    const session = watch();
    const [buffer, table] = [new DmaReservation({ name: 'buffer' }), new DmaReservation({ name: 'table' })];
    {
      using _lock = await buffer.lock();
      await done().wait();
    }
    await lockAndUnlock(table);
    await done().wait();
    await fence().signalAfter(async () => {
      await lockAndUnlock(table);
      await lockAndUnlock(buffer);
    });
    expect(kinds(session)).toEqual(['forbidden', 'forbidden', 'lock-under-wait']);
    expect(session.reports[2]?.names).toContain('buffer');
  });

  test('tried in a section is fine, by tryLock and with a timeout of 0', async () => {
    const session = watch();
    const buffer = new DmaReservation({ name: 'tried' });
    const section = beginSignalling();
    buffer.tryLock()?.unlock();
    section.end();
    await fence().signalAfter(async () => {
      (await buffer.lock(undefined, { timeoutMs: 0 })).unlock();
      const held = await buffer.lock(undefined, { timeoutMs: 0 });
      expect(buffer.tryLock()).toBe(undefined);
      held.unlock();
    });
    expect(session.reports).toEqual([]);
  });

  test('tried and held over a wait is a lock under a wait all the same', async () => {
    const session = watch();
    const buffer = new DmaReservation({ name: 'tried and held' });
    const held = buffer.tryLock();
    await done().wait();
    held?.unlock();
    await fence().signalAfter(() => lockAndUnlock(buffer));
    expect(kinds(session)).toEqual(['forbidden', 'lock-under-wait']);
  });

  test('taken with others in one transaction has no order; without one, it has', async () => {
    const session = watch();
    const [a, b] = [new DmaReservation(), new DmaReservation({ name: 'other' })];
    for (const [first, second] of [
      [a, b],
      [b, a],
    ] as const) {
      using transaction = new AcquireContext();
      await first.lock(transaction);
      await second.lock(transaction);
    }
    for (const list of [
      [a, b],
      [b, a],
    ]) {
      using _locks = await lockReservations(list);
    }
    expect(session.reports).toEqual([]);
    await both(a, b);
    await both(b, a);
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('locked with others by lockReservations is held by who awaited that', async () => {
    const session = watch();
    const [a, b] = [new DmaReservation({ name: 'first' }), new DmaReservation({ name: 'second' })];
    async function render(): Promise<void> {
      using _locks = await lockReservations([a, b]);
      await done().wait();
    }
    await render();
    await fence().signalAfter(() => lockAndUnlock(b));
    expect(kinds(session)).toEqual(['forbidden', 'lock-under-wait']);
  });

  test('asked for again without a transaction by its holder is found before it blocks', async () => {
    const session = watch({ mode: 'throw' });
    const buffer = new DmaReservation({ name: 'again' });
    const lock = await buffer.lock();
    const second = buffer.lock(undefined, { timeoutMs: 1000 });
    expect((await rejection(second)).message).toContain('taken again');
    lock.unlock();
    expect(kinds(session)).toEqual(['lock-order']);
  });

  test('in mode throw, is not taken where it is forbidden', async () => {
    watch({ mode: 'throw' });
    const buffer = new DmaReservation({ name: 'forbidden' });
    const error = await rejection(fence().signalAfter(() => buffer.lock()));
    expect(error.message).toContain('lock "forbidden" is taken in the section');
    await lockAndUnlock(buffer);
  });

  test('that was locked before the validator was on is unlocked silently', async () => {
    const buffer = new DmaReservation();
    const held = await buffer.lock();
    const session = watch();
    held.unlock();
    expect(session.reports).toEqual([]);
  });
});

function waitSync(over: DmaFence): void {
  core.validator?.waitSync(over as Parameters<NonNullable<typeof core.validator>['waitSync']>[0]);
}

describe('a wait that blocks the thread', () => {
  test('is found in sections, callbacks and ops', () => {
    for (const kind of ['free', 'own', 'callback'] as const) {
      const session = watch();
      const own = fence();
      if (kind === 'free') {
        using _section = beginSignalling();
        waitSync(own);
      } else if (kind === 'own') {
        const section = own.beginSignalling();
        waitSync(fence());
        section.end();
      } else {
        own.addCallback(() => {
          waitSync(fence());
        });
      }
      own.signal();
      expect(kinds(session)).toEqual(['forbidden']);
      expect(session.reports[0]?.title).toContain('blocks the thread');
    }
  });

  test('under a lock is a wait under a lock; elsewhere it is silent', () => {
    const session = watch();
    const cache = lockdep.classOf('blocked cache');
    waitSync(done());
    const section = beginSignalling();
    lockdep.release(lockdep.acquire(cache));
    section.end();
    expect(session.reports).toEqual([]);
    const held = lockdep.acquire(cache);
    waitSync(done());
    lockdep.release(held);
    expect(kinds(session)).toEqual(['lock-under-wait']);
  });
});
