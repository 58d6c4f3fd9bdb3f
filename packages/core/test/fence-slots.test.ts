import { DmaReservation, FenceUsage, type DriverFence } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, forTest } from './support.js';

/** A reservation of one buffer with a fence for each usage; what is polled is done as `done` says. */
function buffer(done: (fence: DriverFence) => boolean) {
  const reservation = forTest(new DmaReservation());
  const fences = [FenceUsage.WRITE, FenceUsage.READ, FenceUsage.BOOKKEEP].map((usage) => {
    const fence = context({ ops: { isSignaled: (fence) => done(fence) } }).createFence(usage);
    using lock = reservation.tryLock();
    lock?.add(fence, usage);
    return fence;
  });
  return { reservation, fences };
}

test('asking whether a buffer is free asks only those that count, until one is pending', () => {
  const asked: unknown[] = [];
  const { reservation, fences } = buffer((fence) => {
    asked.push(fence.data);
    return fence.data === FenceUsage.WRITE;
  });
  asked.length = 0;
  expect(reservation.isSignaled(FenceUsage.READ)).toBe(false);
  expect(asked).toEqual([FenceUsage.WRITE, FenceUsage.READ]);
  asked.length = 0;
  expect(reservation.isSignaled(FenceUsage.READ)).toBe(false);
  expect(asked).toEqual([FenceUsage.READ]);
  fences[1]?.signal();
  expect(reservation.isSignaled(FenceUsage.READ)).toBe(true);
  expect(reservation.isSignaled(FenceUsage.BOOKKEEP)).toBe(false);
  for (const fence of fences) fence.signal();
});

test('one that signals while the exporter of a later one is asked is not listed', () => {
  const listed: DriverFence[] = [];
  const { reservation, fences } = buffer((fence) => {
    if (fence.data === FenceUsage.READ) listed[0]?.signal();
    return false;
  });
  listed.push(fences[0] as DriverFence);
  expect([...reservation.fences(FenceUsage.READ)]).toEqual([fences[1]]);
  expect(fences[0]?.status).toBe('signaled');
  reservation[Symbol.dispose]();
  for (const fence of fences) {
    fence.signal();
    expect(fence.refCount).toBe(1);
  }
});

test('a fence that comes lets go of the oldest that are over', () => {
  const reservation = new DmaReservation();
  const fences = ['a', 'b', 'c', 'd'].map((timelineName) => context({ timelineName }).createFence());
  const [a, b, c, d] = fences as [DriverFence, DriverFence, DriverFence, DriverFence];
  using lock = reservation.tryLock();
  for (const fence of [a, b, c]) lock?.add(fence, FenceUsage.READ);
  b.signal();
  a.signal();
  lock?.add(d, FenceUsage.READ);
  expect(fences.map(({ refCount }) => refCount)).toEqual([1, 1, 2, 2]);
  expect([...reservation.fences(FenceUsage.READ)]).toEqual([c, d]);
  c.signal();
  d.signal();
  reservation[Symbol.dispose]();
});
