import {
  fenceArray,
  FenceTimeline,
  mergeFences,
  unwrapFences,
  waitAll,
  type DmaFence,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { isOpen, rejection } from './support.js';

function timelines(count: number): FenceTimeline[] {
  return Array.from(
    { length: count },
    () => new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' }),
  );
}

describe('igt sw_sync', () => {
  test('alloc_merge_fence: a merge of two timelines is an array of both', () => {
    const [a, b] = timelines(2) as [FenceTimeline, FenceTimeline];
    using one = a.fenceAt(1);
    using two = b.fenceAt(1);
    using merged = mergeFences([one, two]);
    expect([...unwrapFences(merged)]).toEqual([one, two]);
    a.cancel();
    b.cancel();
  });

  test('sync_busy: a fence is busy until the timeline has reached it, one further one keeps it busy longer', async () => {
    const [timeline] = timelines(1) as [FenceTimeline];
    using fence = timeline.fenceAt(5);
    expect((await rejection(fence.wait({ timeoutMs: 0 }))).code).toBe('ETIME');
    timeline.advanceTo(1);
    expect((await rejection(fence.wait({ timeoutMs: 0 }))).code).toBe('ETIME');
    timeline.advanceTo(5);
    await fence.wait({ timeoutMs: 0 });
  });

  test('sync_merge: fences of one timeline merge into the latest', () => {
    const [timeline] = timelines(1) as [FenceTimeline];
    const fences = [2, 3, 1].map((value) => timeline.fenceAt(value));
    using merged = mergeFences(fences);
    using latest = timeline.fenceAt(3);
    expect(merged).toBe(latest);
    timeline.advanceTo(2);
    expect(merged.signaled).toBe(false);
    timeline.advanceTo(3);
    expect(merged.signaled).toBe(true);
    for (const fence of fences) fence.put();
  });

  test('sync_merge_same: merged with itself, a fence stays itself', () => {
    const [timeline] = timelines(1) as [FenceTimeline];
    using fence = timeline.fenceAt(1);
    using merged = mergeFences([fence, fence]);
    expect(merged).toBe(fence);
    timeline.advanceTo(1);
  });

  test('sync_expired_merge: what is over adds nothing', () => {
    const [a, b] = timelines(2) as [FenceTimeline, FenceTimeline];
    a.advanceTo(100);
    using over = a.fenceAt(1);
    using pending = b.fenceAt(1);
    using merged = mergeFences([over, pending]);
    expect(merged).toBe(pending);
    b.advanceTo(1);
  });

  test('sync_multi_consumer: a thousand wait for one timeline, each gets its turn in order', async () => {
    const [timeline] = timelines(1) as [FenceTimeline];
    const order: number[] = [];
    const waits = Array.from({ length: 1000 }, async (_, index) => {
      using fence = timeline.fenceAt(index + 1);
      await fence.wait();
      order.push(index + 1);
    });
    for (let value = 1; value <= 1000; value++) timeline.advanceTo(value);
    await Promise.all(waits);
    expect(order).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  test('sync_multi_producer_single_consumer: one merge of many timelines waits for the last of them', async () => {
    const all = timelines(64);
    const fences = all.map((timeline, index) => timeline.fenceAt(index + 1));
    using merged = mergeFences(fences);
    const waiting = merged.wait();
    all.forEach((timeline, index) => {
      expect(merged.signaled).toBe(false);
      timeline.advanceTo(index + 1);
    });
    await waiting;
    for (const fence of fences) fence.put();
  });

  test('sync_multi_timeline_wait: each merge is over with its own timelines only', async () => {
    const [a, b, c] = timelines(3) as [FenceTimeline, FenceTimeline, FenceTimeline];
    using fenceA = a.fenceAt(5);
    using fenceB = b.fenceAt(5);
    using fenceC = c.fenceAt(5);
    using ab = mergeFences([fenceA, fenceB]);
    using abc = mergeFences([ab, fenceC]);
    const waits = [ab.wait(), abc.wait()];
    a.advanceTo(5);
    b.advanceTo(5);
    await waits[0];
    expect(await isOpen(waits[1] as Promise<void>)).toBe(true);
    c.advanceTo(5);
    await waits[1];
  });

  test('timeline_closed: its fences fail, those who merged them hear why', async () => {
    const [closed, other] = timelines(2) as [FenceTimeline, FenceTimeline];
    using one = closed.fenceAt(1);
    using two = other.fenceAt(1);
    using merged = mergeFences([one, two]);
    const waiting = rejection(merged.wait());
    closed[Symbol.dispose]();
    expect(merged.signaled).toBe(false);
    other.advanceTo(1);
    expect((await waiting).code).toBe('ECANCELED');
  });

  test('set_deadline: the exporter of each fence hears it, through arrays and merges; the soonest is its to keep', async () => {
    const soonest = new Map<number, number>();
    const timeline = new FenceTimeline({
      driverName: 'sw_sync',
      timelineName: 'igt',
      ops: {
        setDeadline: ({ seqno }, deadline) =>
          void soonest.set(seqno, Math.min(deadline, soonest.get(seqno) ?? Infinity)),
      },
    });
    const fences: DmaFence[] = [1, 2, 3].map((value) => timeline.fenceAt(value));
    using array = fenceArray(fences);
    array.setDeadline(50);
    fences[1]?.setDeadline(20);
    fences[2]?.setDeadline(70);
    timeline.advanceTo(1);
    fences[0]?.setDeadline(1);
    expect([...soonest.values()]).toEqual([50, 20, 50]);
    timeline.advanceTo(3);
    await waitAll(fences);
    for (const fence of fences) fence.put();
  });
});
