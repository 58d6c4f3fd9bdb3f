import { DmaReservation, FenceUsage, type DriverFence, type ReservationLock } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, forTest, ownContext, warnings } from '../support.js';

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
  expect(reservation.poll(FenceUsage.READ)).toBe(false);
  expect(asked).toEqual([FenceUsage.WRITE, FenceUsage.READ]);
  asked.length = 0;
  expect(reservation.poll(FenceUsage.READ)).toBe(false);
  expect(asked).toEqual([FenceUsage.READ]);
  fences[1]?.signal();
  expect(reservation.poll(FenceUsage.READ)).toBe(true);
  expect(reservation.poll(FenceUsage.BOOKKEEP)).toBe(false);
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

test('one that signals while the exporter of a later one is asked is not part of what is to wait for', () => {
  const first: DriverFence[] = [];
  const { reservation, fences } = buffer((fence) => {
    if (fence.data === FenceUsage.READ) first[0]?.signal();
    return false;
  });
  first.push(fences[0] as DriverFence);
  using left = reservation.singleton(FenceUsage.READ);
  expect(left).toBe(fences[1]);
  for (const fence of fences) fence.signal();
});

/** Fills a reservation up, with a pending fence of another context each, until it lets go of what is over. */
function fill(lock: ReservationLock, count = 8, make = context): DriverFence[] {
  return Array.from({ length: count }, () => {
    const fence = make().createFence();
    lock.add(fence, FenceUsage.BOOKKEEP);
    return fence;
  });
}

test('a reservation that fills up asks exporters, and lets go of what is over', () => {
  let over = false;
  const own = () => context({ ops: { isSignaled: () => over } }).createFence();
  using reservation = new DmaReservation();
  using lock = reservation.tryLock() as ReservationLock;
  const polled = Array.from({ length: 8 }, own);
  for (const fence of polled) lock.add(fence, FenceUsage.READ);
  expect(polled.map(({ refCount }) => refCount)).toEqual(Array(8).fill(2));
  over = true;
  const [next] = fill(lock, 1) as [DriverFence];
  expect(polled.map(({ refCount, status }) => [refCount, status])).toEqual(Array(8).fill([1, 'signaled']));
  expect([...reservation.fences(FenceUsage.BOOKKEEP)]).toEqual([next]);
  next.signal();
});

test('an exporter that is asked meanwhile may let go of all the others', () => {
  const heard = warnings();
  using reservation = new DmaReservation();
  using lock = reservation.tryLock() as ReservationLock;
  using nothing = new DmaReservation();
  const others: DriverFence[] = [];
  const own = context({
    ops: {
      isSignaled: () => {
        for (const fence of others.splice(0)) fence.signal();
        lock.copyFrom(nothing);
        return false;
      },
    },
  });
  const first = own.createFence();
  lock.add(first, FenceUsage.READ);
  others.push(...fill(lock, 7, ownContext));
  const released = [...others];
  for (const fence of released) fence.put();
  const [next] = fill(lock, 1) as [DriverFence];
  expect(released.map(({ refCount }) => refCount)).toEqual(Array(7).fill(0));
  expect([...reservation.fences(FenceUsage.BOOKKEEP)]).toEqual([next]);
  expect(heard).toEqual([]);
  first.signal();
  next.signal();
});

test('what stays of a context when others of it are let go is still replaced by a later one', () => {
  using reservation = new DmaReservation();
  using lock = reservation.tryLock() as ReservationLock;
  const own = context();
  const [writer, reader] = [own.createFence(), own.createFence()];
  lock.add(writer, FenceUsage.WRITE);
  lock.add(reader, FenceUsage.READ);
  writer.signal();
  const others = fill(lock);
  expect([writer.refCount, reader.refCount]).toEqual([1, 2]);
  const later = own.createFence();
  lock.add(later, FenceUsage.READ);
  expect([reader.refCount, later.refCount]).toEqual([1, 2]);
  // As nothing that writes is left, there is nothing for this one to replace but the reader before it.
  const last = own.createFence();
  lock.add(last, FenceUsage.WRITE);
  expect([...reservation.fences(FenceUsage.WRITE)]).toEqual([last]);
  for (const fence of [reader, later, last, ...others]) fence.signal();
});
