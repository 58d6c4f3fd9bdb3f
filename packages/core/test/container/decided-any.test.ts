import {
  DmaReservation,
  fenceArray,
  fenceChain,
  FenceUsage,
  mergeFences,
  signaledFence,
  SyncObject,
  type DmaFence,
  type DriverFence,
  type ReservationLock,
} from '@dma-fence/core';
import { pendingFences, trackFences } from '@dma-fence/core/debug';
import { describe, expect, test } from 'vitest';
import { context, forTest, isOpen } from '../support.js';

// An array of mode `any` that is decided is over, wherever it stands: nobody waits for its losers.

/** A chain of a plain fence, then an `any` array that is decided, then another fence: only the losers and the plain ones are pending. */
function chainOverDecided(polled: boolean) {
  const [winner, loser, before, after] = Array.from({ length: 4 }, () => context().createFence()) as [
    DriverFence,
    DriverFence,
    DriverFence,
    DriverFence,
  ];
  const any = forTest(fenceArray([winner, loser], { mode: 'any' }));
  const middle = forTest(fenceChain(before, any, 1));
  const chain = forTest(fenceChain(middle, after, 2));
  winner.signal();
  if (polled) any.poll();
  return { chain, winner, loser, before, after };
}

describe.each([
  ['that was polled', true],
  ['that nobody has asked yet', false],
])('a decided any-array in a chain, %s', (_, polled) => {
  test('is nothing that a merge waits for', () => {
    const { chain, before, after } = chainOverDecided(polled);
    using merged = mergeFences([chain]);
    expect(merged.data).toEqual([before, after]);
    before.signal();
    after.signal();
    expect([chain.poll(), merged.poll()]).toEqual([true, true]);
    using stub = signaledFence();
    using late = mergeFences([chain]);
    expect(late).toBe(stub);
  });

  test.each(['add', 'replace'] as const)('is nothing that a reservation waits for: %s', async (how) => {
    const { chain, before, after } = chainOverDecided(polled);
    using buffer = new DmaReservation();
    using lock = buffer.tryLock() as ReservationLock;
    if (how === 'add') lock.add(chain, FenceUsage.WRITE);
    else {
      using old = context().createFence().get();
      lock.add(old, FenceUsage.WRITE);
      lock.replace(old.context, chain, FenceUsage.WRITE);
    }
    expect([...buffer.fences(FenceUsage.WRITE)]).toEqual([after, before]);
    after.signal();
    before.signal();
    await buffer.wait(FenceUsage.WRITE);
    expect(buffer.poll(FenceUsage.WRITE)).toBe(true);
  });

  test('is nothing that a wait for a slot waits for', async () => {
    const { chain, before, after } = chainOverDecided(polled);
    using slot = new SyncObject();
    slot.replace(chain);
    const waited = slot.wait();
    expect(await isOpen(waited)).toBe(true);
    before.signal();
    after.signal();
    await waited;
  });

  test('is not shown as what is waited for', () => {
    using _tracking = trackFences();
    const { chain, before, after } = chainOverDecided(polled);
    const memberOf = (fence: DmaFence): string | undefined =>
      pendingFences().find(({ name }) => name === fence.name)?.pendingMember;
    after.signal();
    expect(memberOf(chain)).toBe(before.name);
    before.signal();
    expect(memberOf(chain)).toBeUndefined();
    expect(chain.poll()).toBe(true);
  });
});

test('a failure of one that is decided stays in what is merged, also behind a chain', () => {
  const { chain, loser, before, after } = chainOverDecided(true);
  const [other, failing] = [context().createFence(), context().createFence()];
  using any = fenceArray([failing, other], { mode: 'any' });
  using longer = fenceChain(chain, any, 3);
  failing.fail('EIO');
  before.signal();
  after.signal();
  using merged = mergeFences([longer]);
  expect(merged).toBe(failing);
  expect([loser.status, other.status]).toEqual(['pending', 'pending']);
});
