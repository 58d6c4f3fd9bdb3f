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
import { context, rejection, thrown } from './support.js';

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

function done(list: readonly DriverFence[]): void {
  for (const fence of list) fence.signal();
}

describe('the kernel’s selftest of merging', () => {
  test('unwrap_merge: two fences of two contexts', () => {
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    using merged = mergeFences([b, a]);
    expect([...unwrapFences(merged)]).toEqual([a, b]);
    done([a, b]);
    expect(merged.poll()).toBe(true);
  });

  test('unwrap_merge_duplicate: the same fence twice is that fence, with a new reference', () => {
    const [a] = fences(1) as [DriverFence];
    const merged = mergeFences([a, a]);
    expect(merged).toBe(a);
    expect(a.refCount).toBe(2);
    merged.put();
    done([a]);
  });

  test('unwrap_merge_seqno: of one context the latest stands for all, contexts ascending', () => {
    const [low, high] = [context(), context()];
    const [a, b, c] = [high.createFence(), high.createFence(), low.createFence()];
    using merged = mergeFences([a, b, c]);
    expect([...unwrapFences(merged)]).toEqual([c, b]);
    using other = mergeFences([b, a]);
    expect(other).toBe(b);
    done([a, b, c]);
  });

  test('unwrap_merge_order: an array, and a chain of the same fences the other way round', () => {
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    using array = fenceArray([a, b]);
    using first = fenceChain(undefined, a, 1);
    using second = fenceChain(first, b, 1);
    using merged = mergeFences([array, second]);
    expect([...unwrapFences(merged)]).toEqual([a, b]);
    done([a, b]);
  });

  test('unwrap_merge_complex: a merge, an array in reverse, and the stub', () => {
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    using merge = mergeFences([a, b]);
    using reverse = fenceArray([b, a]);
    using stub = signaledFence();
    using merged = mergeFences([merge, reverse, stub]);
    expect([...unwrapFences(merged)]).toEqual([a, b]);
    done([a, b]);
  });

  test('unwrap_merge_complex_seqno: two arrays over two contexts', () => {
    const [one, two] = [context(), context()];
    const [a1, a2, b1, b2] = [one.createFence(), one.createFence(), two.createFence(), two.createFence()];
    using left = fenceArray([a2, b1]);
    using right = fenceArray([a1, b2]);
    using merged = mergeFences([left, right]);
    expect([...unwrapFences(merged)]).toEqual([a2, b2]);
    done([a1, a2, b1, b2]);
  });

  test('dedup_empty: of nothing it is the stub', () => {
    using stub = signaledFence();
    using merged = mergeFences([]);
    expect(merged).toBe(stub);
  });
});

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
    expect(thrown(() => mergeFences(a as never)).code).toBe('EINVAL');
    expect(a.refCount).toBe(1);
    a.signal();
  });

  test('over 32 timelines waits for exactly the highest point of each', () => {
    const point = fc.record({ timeline: fc.nat({ max: 31 }), value: fc.integer({ min: 1, max: 20 }) });
    const group = fc.record({
      points: fc.array(point, { maxLength: 12 }),
      as: fc.constantFrom('plain', 'array', 'any', 'chain', 'merge'),
    });
    fc.assert(
      fc.property(
        fc.array(group, { maxLength: 12 }),
        fc.array(fc.nat({ max: 20 }), { minLength: 32, maxLength: 32 }),
        fc.array(fc.nat({ max: 31 }), { maxLength: 10 }),
        (groups, reached, failing) => {
          const timelines = reached.map(() => new FenceTimeline({ driverName: 'gpu', timelineName: 'ring' }));
          const owned: DmaFence[] = [];
          const own = <F extends DmaFence>(fence: F): F => {
            owned.push(fence);
            return fence;
          };
          const highest = new Map<number, number>();
          const inputs = groups.flatMap(({ points, as }) => {
            const list = points.map(({ timeline, value }) => {
              highest.set(timeline, Math.max(highest.get(timeline) ?? 0, value));
              return own((timelines[timeline] as FenceTimeline).fenceAt(value));
            });
            if (as === 'plain') return list;
            if (as === 'array' || as === 'any')
              return [own(fenceArray(list, { mode: as === 'any' ? 'any' : 'all' }))];
            if (as === 'merge') return [own(mergeFences(list))];
            let head: DmaFence | undefined;
            for (const [index, fence] of list.entries()) head = own(fenceChain(head, fence, index + 1));
            return head === undefined ? [] : [head];
          });
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
