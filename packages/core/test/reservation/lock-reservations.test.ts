import {
  AcquireContext,
  DmaReservation,
  FenceUsage,
  lockReservations,
  type FenceError,
  type ReservationLock,
} from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { context, isOpen, long, rejection, settled, thrown } from '../support.js';

function buffers(count: number): DmaReservation[] {
  return Array.from({ length: count }, (_, index) => new DmaReservation({ name: `buffer ${String(index)}` }));
}

/** The code of what a promise rejects with. */
async function code(promise: Promise<unknown>): Promise<string> {
  return (await rejection(promise)).code;
}

describe('the lock of a reservation', () => {
  test('is held by one at a time, handed over first come, first served', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    const order: number[] = [];
    const first = await buffer.lock();
    const others = [1, 2, 3].map(async (who) => {
      using _lock = await buffer.lock();
      order.push(who);
      await settled();
      order.push(who);
    });
    await settled();
    expect(order).toEqual([]);
    first.unlock();
    // Nobody slips in between the unlock and the next one's turn.
    expect(buffer.tryLock()).toBeUndefined();
    await Promise.all(others);
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
    (buffer.tryLock() as ReservationLock).unlock();
  });

  test('unlocked twice, is not taken from the next holder', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    const first = await buffer.lock();
    const second = buffer.lock();
    first.unlock();
    first[Symbol.dispose]();
    const lock = await second;
    expect(buffer.tryLock()).toBeUndefined();
    lock.unlock();
  });

  test('asked for with a limit, rejects after it and leaves the queue to the others', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    const held = await buffer.lock(undefined, { timeoutMs: 0 });
    const late = rejection(buffer.lock(undefined, { timeoutMs: 1 }));
    const now = rejection(buffer.lock(undefined, { timeoutMs: 0 }));
    const next = buffer.lock(undefined, { timeoutMs: 10_000, signal: new AbortController().signal });
    expect((await now).message).toBe('buffer 0: not locked now; see who holds its lock');
    expect((await late).message).toContain('within 1 ms');
    held.unlock();
    (await next).unlock();
  });

  test('asked for with an abort that came before, is not taken', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    expect(await rejection(buffer.lock(undefined, { signal: AbortSignal.abort('no') }))).toBe('no');
    (buffer.tryLock() as ReservationLock).unlock();
  });

  test('an abort while waiting leaves the queue to the others', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    const held = await buffer.lock();
    const stop = new AbortController();
    const aborted = rejection(buffer.lock(undefined, { signal: stop.signal }));
    const next = buffer.lock();
    stop.abort('stop');
    expect(await aborted).toBe('stop');
    held.unlock();
    (await next).unlock();
  });

  test('a wait that is over leaves no timer and no listener, one without a limit sets none', async () => {
    using clock = virtualClock();
    const [buffer] = buffers(1) as [DmaReservation];
    const held = await buffer.lock();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const first = buffer.lock();
    expect(clock.timers).toBe(0);
    const second = buffer.lock(undefined, { timeoutMs: 10, signal });
    expect(clock.timers).toBe(1);
    held.unlock();
    (await first).unlock();
    (await second).unlock();
    expect(clock.timers).toBe(0);
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  test('rejects bad arguments', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    for (const [call, message] of [
      [buffer.lock({} as never), 'buffer 0: lock(): acquire must be an AcquireContext, not an object'],
      [buffer.lock(undefined, { timeoutMs: NaN }), 'buffer 0: lock(): timeoutMs must be '],
      [lockReservations(1 as never), 'lockReservations(): list must be iterable, not 1'],
      [
        lockReservations([buffer, 1 as never]),
        'lockReservations(): each element must be a DmaReservation, not 1',
      ],
      [lockReservations([buffer], { timeoutMs: -1 }), 'lockReservations(): timeoutMs must be '],
    ] as const) {
      const error = await rejection(call);
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain(message);
    }
    (buffer.tryLock() as ReservationLock).unlock();
  });
});

describe('a transaction', () => {
  test('cannot lock the same reservation twice', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    using transaction = new AcquireContext();
    await buffer.lock(transaction);
    expect(await rejection(buffer.lock(transaction))).toMatchObject({
      code: 'EALREADY',
      message: 'buffer 0: its AcquireContext has this lock, or has asked for it',
    });
    using other = new AcquireContext();
    const waiting = buffer.lock(other);
    expect(await code(buffer.lock(other))).toBe('EALREADY');
    transaction[Symbol.dispose]();
    await waiting;
  });

  test('that is younger and holds a lock is refused where it would wait for an older one', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [older, younger] = [new AcquireContext(), new AcquireContext()];
    await a.lock(older);
    await b.lock(younger);
    const refused = await rejection(a.lock(younger));
    expect([refused.code, refused.message]).toEqual([
      'EDEADLK',
      'buffer 0: an older transaction has its lock, or comes first; unlock everything, then lock this one first',
    ]);
    const waiting = b.lock(older);
    expect(await isOpen(waiting)).toBe(true);
    younger[Symbol.dispose]();
    await waiting;
    // With nothing in its hands it may wait for that one.
    const again = a.lock(younger);
    expect(await isOpen(again)).toBe(true);
    older[Symbol.dispose]();
    await again;
    younger[Symbol.dispose]();
  });

  test('that is younger and holds nothing may wait for an older one', async () => {
    const [a] = buffers(1) as [DmaReservation];
    using older = new AcquireContext();
    using younger = new AcquireContext();
    await a.lock(older);
    const waiting = a.lock(younger);
    older[Symbol.dispose]();
    await waiting;
  });

  test('waiting is refused when an older one comes to wait before it', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [oldest, older, younger] = [new AcquireContext(), new AcquireContext(), new AcquireContext()];
    const holder = await a.lock();
    await b.lock(younger);
    const refused = code(a.lock(younger));
    const idle = a.lock(oldest);
    expect(await refused).toBe('EDEADLK');
    const second = a.lock(older);
    holder.unlock();
    await idle;
    oldest[Symbol.dispose]();
    await second;
    older[Symbol.dispose]();
    younger[Symbol.dispose]();
  });

  test('the oldest that waits comes next; locks without a transaction keep their turn', async () => {
    const [a] = buffers(1) as [DmaReservation];
    const [oldest, older, younger] = [new AcquireContext(), new AcquireContext(), new AcquireContext()];
    const order: string[] = [];
    const held = await a.lock();
    const ask = async (name: string, transaction?: AcquireContext): Promise<void> => {
      using _lock = await a.lock(transaction);
      order.push(name);
    };
    const all = [
      ask('plain 1'),
      ask('younger', younger),
      ask('plain 2'),
      ask('oldest', oldest),
      ask('older', older),
    ];
    held.unlock();
    await Promise.all(all);
    expect(order).toEqual(['plain 1', 'oldest', 'older', 'younger', 'plain 2']);
  });

  test('that asks for several at once is refused what would be a deadlock as soon as it holds one', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [older, younger] = [new AcquireContext(), new AcquireContext()];
    const held = await b.lock();
    await a.lock(older);
    const [first, second] = [a.lock(younger), b.lock(younger)];
    const refused = code(first);
    expect(await isOpen(refused)).toBe(true);
    held.unlock();
    await second;
    expect(await refused).toBe('EDEADLK');
    older[Symbol.dispose]();
    younger[Symbol.dispose]();
  });

  test('that asks for several at once goes on waiting for those that no older one has', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [older, younger] = [new AcquireContext(), new AcquireContext()];
    const held = await b.lock();
    await a.lock(younger);
    const [first, second] = [a.lock(older), b.lock(older)];
    held.unlock();
    await second;
    expect(await isOpen(first)).toBe(true);
    younger[Symbol.dispose]();
    await first;
    older[Symbol.dispose]();
  });

  test('disposed of unlocks what it holds and gives up what it waits for; it keeps its age', async () => {
    const [a, b, c] = buffers(3) as [DmaReservation, DmaReservation, DmaReservation];
    const transaction = new AcquireContext();
    const other = new AcquireContext();
    await a.lock(transaction);
    const held = await b.lock();
    const waiting = rejection(b.lock(transaction));
    transaction[Symbol.dispose]();
    expect(await waiting).toMatchObject({
      code: 'ECANCELED',
      message: 'lock(): its AcquireContext was disposed of while it waited',
    });
    (a.tryLock() as ReservationLock).unlock();
    held.unlock();
    await b.lock(transaction);
    await c.lock(other);
    expect(await code(b.lock(other))).toBe('EDEADLK');
    transaction[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('unlocked by its locks one by one, holds nothing any more', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [older, younger] = [new AcquireContext(), new AcquireContext()];
    const lock = await a.lock(younger);
    await b.lock(older);
    lock.unlock();
    const waiting = b.lock(younger);
    older[Symbol.dispose]();
    (await waiting).unlock();
  });
});

describe('lockReservations', () => {
  test('locks them all; duplicates count once; each is reached by `of`', async () => {
    const [a, b, c] = buffers(3) as [DmaReservation, DmaReservation, DmaReservation];
    const fence = context().createFence();
    const locks = await lockReservations([a, b, a]);
    expect([a.tryLock(), b.tryLock()]).toEqual([undefined, undefined]);
    locks.of(a).add(fence, FenceUsage.WRITE);
    expect(thrown(() => locks.of(c))).toMatchObject({
      code: 'EINVAL',
      message:
        'ReservationLocks: of() takes one of the reservations that were locked; lock all of them together',
    });
    locks.unlock();
    locks[Symbol.dispose]();
    expect(thrown(() => locks.of(a).add(fence, FenceUsage.READ)).code).toBe('EINVAL');
    expect([...a.fences(FenceUsage.WRITE)]).toEqual([fence]);
    fence.signal();
    (await lockReservations([])).unlock();
    (await lockReservations(new Set([a, b, c]), { timeoutMs: 0 })).unlock();
  });

  test('giving up unlocks what was taken', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const held = await b.lock();
    const stop = new AbortController();
    const aborted = rejection(lockReservations([a, b], { signal: stop.signal }));
    await settled();
    expect(a.tryLock()).toBeUndefined();
    stop.abort('stop');
    expect(await aborted).toBe('stop');
    (a.tryLock() as ReservationLock).unlock();
    expect(await code(lockReservations([a, b], { timeoutMs: 1 }))).toBe('ETIME');
    expect(await code(lockReservations([a, b], { timeoutMs: 0 }))).toBe('ETIME');
    (a.tryLock() as ReservationLock).unlock();
    held.unlock();
  });

  test('with a limit, gives up once it is over for all of them together', async () => {
    using clock = virtualClock();
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const [first, second] = [await a.lock(), await b.lock()];
    let error: FenceError | undefined;
    const waiting = rejection(lockReservations([a, b], { timeoutMs: 1000 })).then((reason) => {
      error = reason;
    });
    await clock.advance(600);
    first.unlock();
    await clock.advance(399);
    expect(error).toBeUndefined();
    await clock.advance(1);
    await waiting;
    expect(error?.code).toBe('ETIME');
    second.unlock();
    expect(clock.timers).toBe(0);
  });

  test('steps back where it would wait for an older one, and waits there with nothing in its hands', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    using older = new AcquireContext();
    await b.lock(older);
    const both = lockReservations([a, b]);
    await settled();
    (a.tryLock() as ReservationLock).unlock();
    expect(await isOpen(both)).toBe(true);
    older[Symbol.dispose]();
    (await both).unlock();
  });

  test('against each other in opposite order, both get through', async () => {
    const [a, b] = buffers(2) as [DmaReservation, DmaReservation];
    const done: number[] = [];
    const task = async (who: number, list: DmaReservation[]): Promise<void> => {
      for (let round = 0; round < 50; round++) {
        using _locks = await lockReservations(list);
        expect([a.tryLock(), b.tryLock()]).toEqual([undefined, undefined]);
        await Promise.resolve();
      }
      done.push(who);
    };
    await Promise.all([task(1, [a, b]), task(2, [b, a])]);
    expect(done.toSorted()).toEqual([1, 2]);
  });

  long(
    'hundreds of tasks, any buffers in any order, some by hand, some giving up: no deadlock, nobody starves',
    async () => {
      const want = fc.record({
        list: fc.array(fc.nat({ max: 15 }), { minLength: 1, maxLength: 6 }),
        how: fc.constantFrom('together', 'together', 'by hand', 'at once', 'plain', 'gives up'),
        rounds: fc.integer({ min: 1, max: 3 }),
        work: fc.nat({ max: 4 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(want, { minLength: 200, maxLength: 300 }), async (wants) => {
          const all = buffers(16);
          const holder = new Map<DmaReservation, number>();
          let finished = 0;

          /** Exclusive use of all of them for some turns. */
          const use = async (who: number, list: Iterable<DmaReservation>, work: number): Promise<void> => {
            const mine = new Set(list);
            for (const buffer of mine) {
              expect(holder.get(buffer)).toBeUndefined();
              holder.set(buffer, who);
            }
            for (let turn = 0; turn < work; turn++) await Promise.resolve();
            for (const buffer of mine) holder.delete(buffer);
          };
          const byHand = async (
            who: number,
            list: DmaReservation[],
            work: number,
            atOnce: boolean,
          ): Promise<void> => {
            const transaction = new AcquireContext();
            let first: DmaReservation | undefined;
            for (;;) {
              const order = new Set(first === undefined ? list : [first, ...list]);
              try {
                if (atOnce) await Promise.all([...order].map((buffer) => buffer.lock(transaction)));
                else
                  for (const buffer of order)
                    await buffer.lock(transaction).catch((error: unknown) => {
                      first = buffer;
                      throw error;
                    });
                break;
              } catch (error) {
                expect((error as FenceError).code).toMatch(/^(EDEADLK|ECANCELED)$/);
                transaction[Symbol.dispose]();
                await settled();
              }
            }
            await use(who, list, work);
            transaction[Symbol.dispose]();
          };
          const task = async (
            who: number,
            { list, how, rounds, work }: (typeof wants)[number],
          ): Promise<void> => {
            const wanted = list.map((index) => all[index] as DmaReservation);
            for (let round = 0; round < rounds; round++) {
              if (how === 'by hand' || how === 'at once') await byHand(who, wanted, work, how === 'at once');
              else if (how === 'plain') {
                const [buffer] = wanted as [DmaReservation];
                using _lock = await buffer.lock();
                await use(who, [buffer], work);
              } else {
                const stop = new AbortController();
                const locks = lockReservations(wanted, { signal: stop.signal });
                if (how === 'gives up') {
                  await Promise.resolve();
                  stop.abort('gives up');
                }
                using _locks = await locks.catch((error: unknown) => {
                  expect(error).toBe('gives up');
                  return undefined;
                });
                if (_locks !== undefined) await use(who, wanted, work);
              }
            }
            finished++;
          };
          // Promises alone drive all of them: what is not finished when nothing is left to run is deadlocked, or starved.
          const tasks = wants.map((one, who) => task(who, one));
          await new Promise((resolve) => setTimeout(resolve, 0));
          expect(finished).toBe(wants.length);
          await Promise.all(tasks);
          for (const buffer of all) (buffer.tryLock() as ReservationLock).unlock();
        }),
        { numRuns: 10, endOnFailure: true },
      );
    },
  );

  test('of those that wait for one buffer the oldest comes next, however many younger ones come', async () => {
    const [buffer] = buffers(1) as [DmaReservation];
    const holder = buffer.tryLock() as ReservationLock;
    let turns = 0;
    let served: number | undefined;
    const older = lockReservations([buffer]).then((locks) => {
      served = turns;
      locks.unlock();
    });
    const younger = [1, 2, 3].map(async () => {
      for (let round = 0; round < 50; round++) {
        using _locks = await lockReservations([buffer]);
        turns++;
        await Promise.resolve();
      }
    });
    await settled();
    holder.unlock();
    await Promise.all([older, ...younger]);
    expect([served, turns]).toEqual([0, 150]);
  });

  test('a transaction against a stream of younger ones gets its turn after a bounded number of them', async () => {
    const all = buffers(4);
    let others = 0;
    let stop = false;
    const younger = async (shift: number): Promise<void> => {
      while (!stop) {
        using _locks = await lockReservations([...all.slice(shift), ...all.slice(0, shift)]);
        others++;
        await Promise.resolve();
      }
    };
    const streams = [0, 1, 2, 3, 0, 1, 2, 3].map((shift) => younger(shift));
    await settled();
    const before = others;
    using locks = await lockReservations(all.toReversed());
    // The eight that were there before may be older; nobody who came later is served first.
    expect(others - before).toBeLessThanOrEqual(16);
    stop = true;
    locks.unlock();
    await Promise.all(streams);
  });
});
