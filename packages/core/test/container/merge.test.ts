import {
  fenceArray,
  fenceChain,
  FenceTimeline,
  isFenceArray,
  mergeFences,
  signaledFence,
  unwrapFences,
  type DmaFence,
  type DriverFence,
} from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { context, long, rejection, thrown } from '../support.js';

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

function done(list: readonly DriverFence[]): void {
  for (const fence of list) fence.signal();
}

describe('a merge', () => {
  test('of what is over is the stub', () => {
    const list = fences(3);
    done(list);
    using empty = fenceArray([]);
    using stub = signaledFence();
    using merged = mergeFences([...list, empty]);
    expect(merged).toBe(stub);
  });

  test('keeps every fence that failed, once, and so fails with the error that came first', async () => {
    const own = context();
    const [a, b, c, d] = [own.createFence(), own.createFence(), own.createFence(), own.createFence()];
    b.fail('EIO');
    a.fail('ENODATA');
    using merged = mergeFences([d, a, b, b, c, a]);
    expect(isFenceArray(merged)).toBe(true);
    expect(merged.data).toEqual([a, b, d]);
    d.signal();
    expect(await rejection(merged.wait())).toBe(b.error);
    using alone = mergeFences([a]);
    expect(alone).toBe(a);
    c.signal();
  });

  test('lists what is left of one context by its seqnos, ascending', () => {
    const own = context();
    const list = Array.from({ length: 6 }, () => own.createFence());
    for (const fence of list.slice(0, 5)) fence.fail('EIO');
    using merged = mergeFences([5, 3, 0, 4, 2, 1].map((index) => list[index] as DriverFence));
    expect([...unwrapFences(merged)]).toEqual(list);
    list[5]?.signal();
  });

  test('polls its leaves', () => {
    const own = context({ ops: { isSignaled: () => true } });
    const fence = own.createFence();
    using merged = mergeFences([fence]);
    expect(merged).not.toBe(fence);
    expect(fence.signaled).toBe(true);
  });

  test('a fence that polling a later one completes is left out, or kept if that failed it', () => {
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    const own = context({
      ops: {
        isSignaled: () => {
          a.signal();
          b.fail('EIO');
          return false;
        },
      },
    });
    const last = own.createFence();
    using merged = mergeFences([a, b, c, last]);
    expect(merged.data).toEqual([b, c, last]);
    expect([a.refCount, b.refCount]).toEqual([1, 2]);
    c.signal();
    last.signal();
  });

  test('of an any-array that is over does not wait for its other members', () => {
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b], { mode: 'any' });
    using pending = mergeFences([array]);
    expect(pending.data).toEqual([a, b]);
    a.signal();
    using stub = signaledFence();
    using merged = mergeFences([array]);
    expect(merged).toBe(stub);
    b.fail('EIO');
    using late = mergeFences([array]);
    expect(late).toBe(b);
  });

  test('refuses what is no fence, before anything has changed', () => {
    const [a] = fences(1) as [DriverFence];
    expect(thrown(() => mergeFences([a, 'b' as never])).message).toContain(
      'element 1 must be a fence, not "b"',
    );
    expect(thrown(() => mergeFences(1 as never)).message).toBe(
      'mergeFences(): fences must be iterable, not 1',
    );
    expect(a.refCount).toBe(1);
    a.signal();
  });

  long('over 32 timelines waits for exactly the highest point of each', () => {
    const point = fc.record({ timeline: fc.nat({ max: 31 }), value: fc.integer({ min: 1, max: 20 }) });
    const group = fc.record({
      points: fc.array(point, { maxLength: 12 }),
      as: fc.constantFrom('plain', 'array', 'any', 'chain', 'merge'),
    });
    fc.assert(
      fc.property(
        fc.array(group, { maxLength: 12 }),
        fc.array(fc.nat({ max: 8 }), { minLength: 32, maxLength: 32 }),
        fc.array(fc.nat({ max: 20 }), { minLength: 32, maxLength: 32 }),
        fc.array(fc.nat({ max: 31 }), { maxLength: 10 }),
        (groups, early, late, failing) => {
          const reached = late.map((value, index) => Math.max(value, early[index] ?? 0));
          const timelines = reached.map(() => new FenceTimeline({ driverName: 'gpu', timelineName: 'ring' }));
          const owned: DmaFence[] = [];
          const own = <F extends DmaFence>(fence: F): F => {
            owned.push(fence);
            return fence;
          };
          const highest = new Map<number, number>();
          const inputs = groups.flatMap(({ points, as }) => {
            const isOver = ({ timeline, value }: (typeof points)[number]): boolean =>
              value <= (early[timeline] ?? 0);
            // One of which any member is over is over.
            const pending = as === 'any' && points.some(isOver) ? [] : points.filter((one) => !isOver(one));
            for (const { timeline, value } of pending) {
              highest.set(timeline, Math.max(highest.get(timeline) ?? 0, value));
            }
            const list = points.map(({ timeline, value }) =>
              own((timelines[timeline] as FenceTimeline).fenceAt(value)),
            );
            if (as === 'plain') return list;
            if (as === 'array' || as === 'any')
              return [own(fenceArray(list, { mode: as === 'any' ? 'any' : 'all' }))];
            if (as === 'merge') return [own(mergeFences(list))];
            let head: DmaFence | undefined;
            for (const [index, fence] of list.entries()) head = own(fenceChain(head, fence, index + 1));
            return head === undefined ? [] : [head];
          });
          for (const [index, timeline] of timelines.entries()) timeline.advanceTo(early[index] ?? 0);
          const merged = own(mergeFences(inputs));
          const expected = [...highest].sort(([a], [b]) => a - b);
          const leaves = expected.length === 0 ? [] : [...unwrapFences(merged)];
          expect(
            leaves.map((leaf) => [
              timelines.findIndex(({ context }) => context === leaf.context),
              leaf.seqno,
            ]),
          ).toEqual(expected);
          // Advanced in any way, it is over exactly when each timeline is at its highest point; a failure fails it.
          let failed = false;
          merged.enableSignaling();
          for (const [index, timeline] of timelines.entries()) {
            const wanted = highest.get(index) ?? 0;
            const fails = failing.includes(index) && (reached[index] ?? 0) >= wanted && wanted > 0;
            failed ||= fails;
            timeline.advanceTo(reached[index] ?? 0, fails ? 'EIO' : undefined);
          }
          const over = [...highest].every(([index, value]) => (reached[index] ?? 0) >= value);
          expect(merged.poll()).toBe(over);
          if (over) expect(merged.status).toBe(failed ? 'failed' : 'signaled');
          for (const timeline of timelines) timeline.cancel();
          for (const fence of owned) fence.put();
        },
      ),
      { numRuns: 200 },
    );
  });
});
