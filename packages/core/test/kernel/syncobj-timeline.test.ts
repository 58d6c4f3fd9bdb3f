import { FenceTimeline, mergeFences, SyncObject, waitSyncObjects, type DmaFence } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { forTest, isOpen, rejection, thrown } from '../support.js';
import {
  attach,
  complex,
  delayed,
  interrupted,
  outcome,
  reached,
  snapshot,
  trigger,
  tryWay,
} from './sync-objects.js';
import { ways } from './wait-matrix.js';

/** What the kernel does in one call: a point of one timeline becomes a point of another, or of the same. */
function transfer(source: SyncObject, from: number, target: SyncObject, to: number): void {
  using point = source.fence(from) as DmaFence;
  using flat = mergeFences([point]);
  target.addPoint(to, flat);
}

/** A sync object with `points`, the fence of each at the next value of one timeline. */
function pointsOn(points: readonly number[]): { object: SyncObject; timeline: FenceTimeline } {
  const timeline = forTest(new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' }));
  const object = forTest(new SyncObject());
  for (const [index, point] of points.entries()) {
    using fence = timeline.fenceAt(index + 1);
    object.addPoint(point, fence);
  }
  return { object, timeline };
}

/** Waits of no time for a point, submitted and not. */
async function waits(object: SyncObject, point: number): Promise<unknown[]> {
  const list = [{ syncObject: object, point }];
  return [
    await outcome(waitSyncObjects(list, { timeoutMs: 0, waitForSubmit: true })),
    await outcome(waitSyncObjects(list, { timeoutMs: 0, all: true })),
  ];
}

describe('igt syncobj_timeline', () => {
  test('invalid-wait-bad-flags: options and points that are none are refused', async () => {
    using object = new SyncObject();
    object.signal(1);
    for (const bad of [null, { point: 0.5 }, { point: '1' }, { point: 1, timeoutMs: NaN }]) {
      expect((await rejection(object.wait(bad as never))).code).toBe('EINVAL');
    }
  });

  test('wait-zero-handles: of no points all are reached', async () => {
    expect(await waitSyncObjects([], { all: true, waitForSubmit: true })).toBe(-1);
  });

  test('invalid-wait-illegal-handle: a point of what is no sync object is refused', async () => {
    expect(await outcome(waitSyncObjects([{ syncObject: {}, point: 1 } as never]))).toBe('EINVAL');
  });

  test('invalid-signal-illegal-point: a point that is none is refused, and point 0 cannot be added', () => {
    using object = new SyncObject();
    expect(
      thrown(() => {
        object.signal(-1);
      }).code,
    ).toBe('EINVAL');
    using done = new SyncObject({ signaled: true }).fence();
    expect(
      thrown(() => {
        object.addPoint(0, done as DmaFence);
      }).code,
    ).toBe('EINVAL');
    expect(object.fence()).toBeUndefined();
  });

  test('signal-array: points of several, and one binary', async () => {
    const objects = Array.from({ length: 4 }, () => forTest(new SyncObject()));
    const points = [1, 1, 1, 0];
    for (const [index, object] of objects.entries()) object.signal(points[index]);
    const list = objects.map((syncObject, index) => ({ syncObject, point: points[index] as number }));
    expect(await waitSyncObjects(list, { all: true, timeoutMs: 0 })).toBe(0);
    expect(objects.map((object) => object.query())).toEqual([1, 1, 1, 0]);
  });

  test('invalid-transfer-non-existent-point: of a point that is not there is no fence; one of a signaled timeline goes on', () => {
    using object = new SyncObject();
    object.signal(63);
    expect(object.fence(64)).toBeUndefined();
    transfer(object, 63, object, 74);
    expect(object.query()).toBe(74);
  });

  test('transfer-timeline-point: a point becomes a later one of the same timeline', async () => {
    using object = new SyncObject();
    const timeline = attach(object, 1);
    expect([object.query(), await waits(object, 1)]).toEqual([0, ['ETIME', 'ETIME']]);
    timeline.advanceTo(1);
    expect([object.query(), await waits(object, 1)]).toEqual([1, [0, 0]]);
    object.signal(2);
    transfer(object, 2, object, 3);
    expect(object.query()).toBe(3);
  });

  test.each(ways('timeline', 'single'))('$name: $outcome', async (way) => {
    await tryWay(way, [1]);
  });

  test.each(ways('timeline', 'multi'))('$name: $outcome', async (way) => {
    await tryWay(way, [17, 0, 999, 1, 0]);
  });

  test('wait-delayed-signal: ends with the signal of its point', () => delayed(1, false, false));
  test('wait-for-submit-delayed-submit: ends with the point that is added meanwhile', () =>
    delayed(1, false, true));
  test('wait-all-delayed-signal: ends with the signal of its point', () => delayed(1, true, false));
  test('wait-all-for-submit-delayed-submit: ends with the point that is added meanwhile', () =>
    delayed(1, true, true));

  test('reset-unsignaled: a timeline without points has none after it', async () => {
    using object = new SyncObject();
    expect((await waits(object, 1))[1]).toBe('EINVAL');
    object.reset();
    expect((await waits(object, 1))[1]).toBe('EINVAL');
  });

  test('reset-signaled: points that were reached are gone', async () => {
    using object = new SyncObject();
    trigger(object, 1);
    expect(await waits(object, 1)).toEqual([0, 0]);
    object.reset();
    expect([await waits(object, 1), object.query()]).toEqual([['ETIME', 'EINVAL'], 0]);
  });

  test('reset-multiple-signaled: each for itself', async () => {
    const list = Array.from({ length: 3 }, () => ({ syncObject: new SyncObject(), point: 1 }));
    for (const { syncObject } of list) trigger(syncObject, 1);
    expect(await waitSyncObjects(list, { timeoutMs: 0 })).toBe(0);
    for (const { syncObject } of list) syncObject.reset();
    for (const one of list) expect(await outcome(waitSyncObjects([one]))).toBe('EINVAL');
  });

  test('reset-during-wait-for-submit: who waits for a point goes on waiting', async () => {
    using object = new SyncObject();
    const waiting = object.wait({ point: 1, waitForSubmit: true });
    object.reset();
    expect(await isOpen(waiting)).toBe(true);
    trigger(object, 1);
    await waiting;
  });

  test('signal: adds a point that is reached', async () => {
    using object = new SyncObject();
    expect(await waits(object, 1)).toEqual(['ETIME', 'EINVAL']);
    object.signal(1);
    expect(await waits(object, 1)).toEqual([0, 0]);
  });

  test('signal-point-0: fills the slot itself, for waits with a point 0 and without', async () => {
    using object = new SyncObject();
    object.signal(0);
    await object.wait({ point: 0, timeoutMs: 0 });
    expect(await waitSyncObjects([object], { timeoutMs: 0, waitForSubmit: true })).toBe(0);
  });

  test('wait-any-snapshot: sees the points that were there', () => snapshot(1, false, false));
  test('wait-all-snapshot: sees the points that were there', () => snapshot(1, true, false));
  test('wait-for-submit-snapshot: sees each point that came first', () => snapshot(1, false, true));
  test('wait-all-for-submit-snapshot: sees each point that came first', () => snapshot(1, true, true));

  test('wait-any-complex: ends with the first of eight', () => complex(1, false, false));
  test('wait-all-complex: ends with the last of eight, though others were reset meanwhile', () =>
    complex(1, true, false));
  test('wait-for-submit-complex: ends with the first of eight that come', () => complex(1, false, true));
  test('wait-all-for-submit-complex: ends with the last of eight that come', () => complex(1, true, true));

  test('wait-any-interrupted: given up, it leaves nothing behind and may be begun again', () =>
    interrupted(1, false));
  test('wait-all-interrupted: given up, it leaves nothing behind and may be begun again', () =>
    interrupted(1, true));

  test('host-signal-points: each point that the host signals is the value, and all before it are reached', async () => {
    using object = new SyncObject();
    let value = 0;
    for (let step = 1; step <= 100; step++) {
      value += 2 ** 20 * step + 1;
      object.signal(value);
      expect(object.query()).toBe(value);
      expect([await waits(object, value), await waits(object, value - 1)]).toEqual([
        [0, 0],
        [0, 0],
      ]);
    }
  });

  test('device-signal-unordered: fences that signal out of order move the value on to what is complete, never back', async () => {
    const timeline = new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' });
    using object = new SyncObject();
    // Which point the fence of each value belongs to.
    const pointOf = [1, 3, 2, 5, 4];
    for (let point = 1; point <= 5; point++) {
      using fence = timeline.fenceAt(pointOf.indexOf(point) + 1);
      object.addPoint(point, fence);
    }
    const values: number[] = [];
    for (let value = 1; value <= 5; value++) {
      timeline.advanceTo(value);
      values.push(object.query());
      expect(await waits(object, object.query())).toEqual([0, 0]);
    }
    expect(values).toEqual([1, 1, 3, 3, 5]);
  });

  test('device-submit-unordered: a point below the last does not break the timeline', async () => {
    const { object, timeline } = pointsOn([1, 5, 3, 6, 7]);
    timeline.advanceTo(3);
    // 1, 5 and 3, which was raised to 5, are over; nothing else is as low as 5.
    expect([object.query(), await waits(object, 5)]).toEqual([5, [0, 0]]);
    expect(reached(object, 6)).toBe(false);
    timeline.advanceTo(5);
    expect(object.query()).toBe(7);
  });

  test('host-signal-ordered: a point that the host signals counts when those before it are over', () => {
    const { object, timeline } = pointsOn([1, 2, 3, 4, 5]);
    timeline.advanceTo(3);
    expect(object.query()).toBe(3);
    object.signal(8);
    expect([object.query(), object.query({ submitted: true })]).toEqual([3, 8]);
    timeline.advanceTo(5);
    expect(object.query()).toBe(8);
  });

  test('32bits-limit: points across 2^31 and beyond 2^32 keep their order', () => {
    const limit = 2 ** 31 - 1;
    const points = [1, 5, limit + 5, limit + 6, limit * 2, 2 ** 32 + 1, 2 ** 53 - 1];
    const { object, timeline } = pointsOn(points);
    for (const [index, point] of points.entries()) {
      timeline.advanceTo(index + 1);
      expect([object.query(), reached(object, point)]).toEqual([point, true]);
    }
  });
});
