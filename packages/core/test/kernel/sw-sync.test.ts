import {
  fenceArray,
  FenceTimeline,
  isFenceArray,
  mergeFences,
  signaledFence,
  unwrapFences,
  waitAll,
  type DmaFence,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { long, rejection, thrown } from '../support.js';

function timelines(count: number): FenceTimeline[] {
  return Array.from(
    { length: count },
    () => new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' }),
  );
}

function timeline(): FenceTimeline {
  return timelines(1)[0] as FenceTimeline;
}

/** How many leaves of a fence are pending, and how many are over. */
function count(fence: DmaFence): [active: number, signaled: number] {
  const leaves = [...unwrapFences(fence)];
  const signaled = leaves.filter((leaf) => leaf.signaled).length;
  return [leaves.length - signaled, signaled];
}

/** What a wait of no time says: 0, or the code it rejects with. */
async function now(fence: DmaFence): Promise<string | 0> {
  return fence.wait({ timeoutMs: 0 }).then(
    () => 0,
    (error: unknown) => (error as { code: string }).code,
  );
}

describe('igt sw_sync', () => {
  test('alloc_timeline: begins at 0, nothing pending, and may be closed at once', () => {
    const one = timeline();
    expect([one.value, one.context.lastSeqno, one.context.pending]).toEqual([0, 0, 0]);
    one[Symbol.dispose]();
  });

  test('alloc_fence: a fence for the value it has is signaled', () => {
    using one = timeline();
    using fence = one.fenceAt(0);
    expect(fence.status).toBe('signaled');
  });

  test('alloc_fence_invalid_timeline: a closed timeline makes no fences, and what it is asked for has failed', () => {
    const one = timeline();
    one[Symbol.dispose]();
    expect(thrown(() => one.createFence()).code).toBe('ECANCELED');
    using fence = one.fenceAt(1);
    expect(fence.status).toBe('failed');
  });

  test('timeline_closed: what is pending then fails at once; those who merged it hear why', async () => {
    const [closed, other] = timelines(2) as [FenceTimeline, FenceTimeline];
    using one = closed.fenceAt(1);
    using two = other.fenceAt(1);
    using merged = mergeFences([one, two]);
    const waiting = rejection(merged.wait());
    closed[Symbol.dispose]();
    expect([one.status, await now(one)]).toEqual(['failed', 'ECANCELED']);
    expect(merged.signaled).toBe(false);
    other.advanceTo(1);
    expect((await waiting).code).toBe('ECANCELED');
  });

  test('timeline_closed_signaled: what was reached before stays a success', async () => {
    const one = timeline();
    using fence = one.fenceAt(1);
    one.advanceTo(1);
    one[Symbol.dispose]();
    expect([fence.status, await now(fence)]).toEqual(['signaled', 0]);
  });

  test('alloc_merge_fence: a merge of two timelines is an array of both', () => {
    const [a, b] = timelines(2) as [FenceTimeline, FenceTimeline];
    using one = a.fenceAt(1);
    using two = b.fenceAt(1);
    using merged = mergeFences([two, one]);
    expect([...unwrapFences(merged)]).toEqual([one, two]);
    a.cancel();
    b.cancel();
  });

  test('sync_busy: busy until the timeline has reached it, and free however far that goes on', async () => {
    using one = timeline();
    using fence = one.fenceAt(5);
    const answers = [await now(fence)];
    for (const value of [1, 5, 10]) {
      one.advanceTo(value);
      answers.push(await now(fence));
    }
    expect(answers).toEqual(['ETIME', 'ETIME', 0, 0]);
    for (const step of [2, 3, 5, 7, 11, 13, 17, 19, 23]) {
      using next = one.fenceAt(one.value + step);
      expect(await now(next)).toBe('ETIME');
      one.advanceTo(one.value + step);
      expect(await now(next)).toBe(0);
    }
  });

  test('sync_merge_invalid: what is no fence, or none any more, is refused and costs nothing', () => {
    using one = timeline();
    using fence = one.fenceAt(1);
    const gone = one.fenceAt(0);
    gone.put();
    for (const invalid of [-1, undefined, {}, one, gone]) {
      expect(thrown(() => mergeFences([fence, invalid as DmaFence])).code).toBe('EINVAL');
    }
    expect(fence.refCount).toBe(2);
  });

  test('sync_merge: three fences of one timeline are one active point, the latest, until that is reached', () => {
    using one = timeline();
    const fences = [1, 2, 3].map((value) => one.fenceAt(value)) as [DmaFence, DmaFence, DmaFence];
    using half = mergeFences(fences.slice(0, 2));
    using merged = mergeFences([fences[2], half]);
    expect([...fences, merged].map(count)).toEqual(Array(4).fill([1, 0]));
    expect(merged).toBe(fences[2]);
    for (const value of [1, 2]) {
      one.advanceTo(value);
      expect([fences[value - 1]?.signaled, count(merged)]).toEqual([true, [1, 0]]);
    }
    one.advanceTo(3);
    expect(count(merged)).toEqual([0, 1]);
    for (const fence of fences) fence.put();
  });

  test('sync_merge_same: merged with itself, a fence stays itself', () => {
    using one = timeline();
    using fence = one.fenceAt(1);
    using merged = mergeFences([fence, fence]);
    expect([merged, count(fence)]).toEqual([fence, [1, 0]]);
    one.advanceTo(1);
    expect(count(fence)).toEqual([0, 1]);
  });

  test('sync_multi_timeline_wait: of three timelines one after the other comes; the merge is over with the last', async () => {
    const all = timelines(3);
    const fences = all.map((one) => one.fenceAt(5)) as [DmaFence, DmaFence, DmaFence];
    using ab = mergeFences(fences.slice(0, 2));
    using abc = mergeFences([ab, fences[2]]);
    expect([count(abc), await now(abc)]).toEqual([[3, 0], 'ETIME']);
    const seen = all.map((one) => {
      one.advanceTo(5);
      return [count(abc), ab.signaled, abc.signaled];
    });
    // Nobody waits for `ab`, so only a poll would bring it up to date; `abc` was waited for.
    expect(seen).toEqual([
      [[2, 1], false, false],
      [[1, 2], false, false],
      [[0, 3], false, true],
    ]);
    expect([await now(abc), ab.poll()]).toEqual([0, true]);
    for (const fence of fences) fence.put();
  });

  test('sync_multi_consumer: eight tasks wait in turn for what one produces, each finds the counter where it should be', async () => {
    using one = timeline();
    const [tasks, rounds] = [8, 64];
    let counter = 0;
    const wrong: number[] = [];
    const consumers = Array.from({ length: tasks }, async (_, id) => {
      for (let round = 0; round < rounds; round++) {
        const point = round * tasks + id;
        using fence = one.fenceAt(point);
        await fence.wait();
        if (counter !== point) wrong.push(point);
      }
    });
    for (let produced = 0; produced < tasks * rounds; produced++) {
      // Every consumer of the present value has looked before the next is produced.
      for (let turn = 0; turn < 12; turn++) await Promise.resolve();
      counter++;
      one.advanceTo(counter);
    }
    await Promise.all(consumers);
    expect([counter, wrong]).toEqual([tasks * rounds, []]);
  });

  test('sync_multi_consumer_producer: eight tasks hand the turn on to each other by the timeline itself', async () => {
    using one = timeline();
    const [tasks, rounds] = [8, 64];
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: tasks }, async (_, id) => {
        for (let round = 0; round < rounds; round++) {
          const point = round * tasks + id;
          using fence = one.fenceAt(point);
          await fence.wait();
          order.push(point);
          one.advanceTo(one.value + 1);
        }
      }),
    );
    expect(order).toEqual(Array.from({ length: tasks * rounds }, (_, index) => index));
  });

  long(
    'sync_multi_producer_single_consumer: one merge a round waits for every producer, which wait for the consumer',
    async () => {
      using consumer = timeline();
      const rounds = 50;
      let counter = 0;
      const producers = timelines(5);
      const running = producers.map(async (own, id) => {
        for (let round = 0; round < rounds; round++) {
          using turn = consumer.fenceAt(round);
          if (id % 2 === 0) await turn.wait();
          else {
            await new Promise<void>((resolve) => {
              if (!turn.addCallback(() => resolve())) resolve();
            });
          }
          counter++;
          own.advanceTo(round + 1);
        }
      });
      for (let round = 1; round <= rounds; round++) {
        let all = producers[0]?.fenceAt(round) as DmaFence;
        for (const producer of producers.slice(1)) {
          using next = producer.fenceAt(round);
          using before = all;
          all = mergeFences([next, before]);
        }
        await all.wait();
        all.put();
        expect(counter).toBe(producers.length * round);
        consumer.advanceTo(round);
      }
      await Promise.all(running);
    },
  );

  test('sync_expired_merge: a merge of what is over is over, each time', async () => {
    using one = timeline();
    one.advanceTo(100);
    using over = one.fenceAt(1);
    using stub = signaledFence();
    expect(await now(over)).toBe(0);
    for (let round = 0; round < 100; round++) {
      using merged = mergeFences([over, over]);
      expect([merged === stub, await now(merged)]).toEqual([true, 0]);
    }
  });

  long(
    'sync_random_merge: of 1024 points on 32 timelines, merged one by one, the highest of each is waited for',
    async () => {
      const all = timelines(32);
      const highest = new Map<number, number>();
      let seed = 7;
      const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
      using first = all[0]?.fenceAt(1) as DmaFence;
      let merged = first.get() as DmaFence;
      highest.set(0, 1);
      for (let round = 0; round < 1024; round++) {
        const which = random(32);
        const value = 1 + random(2 ** 31 - 2);
        highest.set(which, Math.max(highest.get(which) ?? 0, value));
        using point = all[which]?.fenceAt(value) as DmaFence;
        using before = merged;
        merged = mergeFences([point, before]);
      }
      expect(isFenceArray(merged)).toBe(true);
      expect([...unwrapFences(merged)].map(({ seqno }) => seqno)).toEqual(
        [...highest].sort(([a], [b]) => a - b).map(([, value]) => value),
      );
      for (const [which, value] of highest) {
        expect(await now(merged)).toBe('ETIME');
        all[which]?.advanceTo(value);
      }
      expect(await now(merged)).toBe(0);
      merged.put();
      for (const one of all) one.cancel();
    },
  );
});

test('deadlines (SW_SYNC_GET_DEADLINE): the exporter of each fence hears its deadlines, through arrays and merges', async () => {
  const soonest = new Map<number, number>();
  const one = new FenceTimeline({
    driverName: 'sw_sync',
    timelineName: 'igt',
    ops: {
      setDeadline: ({ seqno }, deadline) =>
        void soonest.set(seqno, Math.min(deadline, soonest.get(seqno) ?? Infinity)),
    },
  });
  const fences: DmaFence[] = [1, 2, 3].map((value) => one.fenceAt(value));
  using array = fenceArray(fences);
  array.setDeadline(50);
  fences[1]?.setDeadline(20);
  fences[2]?.setDeadline(70);
  one.advanceTo(1);
  fences[0]?.setDeadline(1);
  expect([...soonest.values()]).toEqual([50, 20, 50]);
  one.advanceTo(3);
  await waitAll(fences);
  for (const fence of fences) fence.put();
});
