import {
  DmaReservation,
  FenceUsage,
  type DmaFence,
  type DriverFence,
  type ReservationLock,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, forTest } from '../support.js';

const { KERNEL, WRITE, READ, BOOKKEEP } = FenceUsage;
const usages = [KERNEL, WRITE, READ, BOOKKEEP] as const;

/** A reservation whose lock the test holds. */
function locked(): { buffer: DmaReservation; lock: ReservationLock } {
  const buffer = forTest(new DmaReservation());
  return { buffer, lock: buffer.tryLock() as ReservationLock };
}

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

test('test_sanitycheck: locks and unlocks', async () => {
  const buffer = forTest(new DmaReservation());
  const lock = await buffer.lock();
  lock.unlock();
  lock.unlock();
  expect(buffer.poll(BOOKKEEP)).toBe(true);
});

describe.each([
  ['kernel', KERNEL],
  ['write', WRITE],
  ['read', READ],
  ['bookkeep', BOOKKEEP],
] as const)('with usage %s', (_name, usage) => {
  test('test_signaling: not signaled before its fence is, signaled after', () => {
    const { buffer, lock } = locked();
    const [fence] = fences(1) as [DriverFence];
    lock.add(fence, usage);
    expect(usages.map((asked) => buffer.poll(asked))).toEqual(usages.map((asked) => asked < usage));
    fence.signal();
    expect(buffer.poll(usage)).toBe(true);
  });

  test('test_for_each: its fence is listed once, to who asks for that usage or a weaker one', () => {
    const { buffer, lock } = locked();
    const [fence] = fences(1) as [DriverFence];
    lock.add(fence, usage);
    for (const asked of usages) expect([...buffer.fences(asked)]).toEqual(asked < usage ? [] : [fence]);
    fence.signal();
    expect([...buffer.fences(BOOKKEEP)]).toEqual([]);
  });

  test('test_for_each_unlocked: the same without the lock; changes during the iteration do not disturb it', async () => {
    const { buffer, lock } = locked();
    const [fence, other, later] = fences(3) as [DriverFence, DriverFence, DriverFence];
    lock.add(fence, usage);
    lock.add(other, usage);
    lock.unlock();
    const seen: DmaFence[] = [];
    for (const one of buffer.fences(usage)) {
      seen.push(one);
      using again = await buffer.lock();
      again.add(later, usage);
      again.replace(other.context, later, usage);
    }
    expect(seen).toEqual([fence, other]);
    expect(new Set(buffer.fences(usage))).toEqual(new Set([fence, later]));
    for (const one of [fence, other, later]) one.signal();
  });

  test('test_get_fences: its one fence, with a reference of one’s own', () => {
    const { buffer, lock } = locked();
    const [fence] = fences(1) as [DriverFence];
    lock.add(fence, usage);
    const single = buffer.singleton(usage);
    expect(single).toBe(fence);
    expect(fence.refCount).toBe(3);
    single?.put();
    fence.signal();
  });
});
