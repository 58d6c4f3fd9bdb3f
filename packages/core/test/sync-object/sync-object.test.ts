import {
  addFenceTracer,
  fenceArray,
  fenceChain,
  mergeFences,
  signaledFence,
  SyncObject,
  waitSyncObjects,
  type DmaFence,
  type DmaFenceContext,
  type DriverFence,
} from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  callbackErrors,
  context,
  hangingOn,
  isOpen,
  long,
  ownContext,
  rejection,
  settled,
  thrown,
  warnings,
} from '../support.js';

function fences(count: number): DriverFence[] {
  return Array.from({ length: count }, () => context().createFence());
}

/** The code of what a promise rejects with. */
async function code(promise: Promise<unknown>): Promise<string> {
  return (await rejection(promise)).code;
}

/** Polls the fence of a point and puts it again. */
function reached(object: SyncObject, point = 0): boolean | undefined {
  const fence = object.fence(point);
  const over = fence?.poll();
  fence?.put();
  return over;
}

describe('waiting for a sync object', () => {
  test('begins with the stub if so asked, else empty', () => {
    using done = new SyncObject({ signaled: true });
    using empty = new SyncObject();
    using stub = signaledFence();
    using fence = done.fence() as DmaFence;
    expect(fence).toBe(stub);
    expect(empty.fence()).toBeUndefined();
    expect(thrown(() => new SyncObject(null as never)).message).toBe(
      'SyncObject: options must be an object, not null',
    );
  });

  test('an empty slot, a missing point, an empty list and bad options are refused up front', async () => {
    using object = new SyncObject();
    expect((await rejection(object.wait())).message).toContain('waitForSubmit');
    expect((await rejection(waitSyncObjects([]))).message).toBe(
      'waitSyncObjects(): an empty list, so nothing can signal; give at least one',
    );
    expect(await waitSyncObjects([], { all: true })).toBe(-1);
    expect(await code(object.wait({ timeoutMs: -1 }))).toBe('EINVAL');
    expect(await code(object.wait({ point: -1 }))).toBe('EINVAL');
    expect((await rejection(waitSyncObjects(1 as never))).message).toBe(
      'waitSyncObjects(): list must be iterable, not 1',
    );
    expect((await rejection(waitSyncObjects([undefined] as never))).message).toContain(
      'each element must be',
    );
    expect(await rejection(waitSyncObjects([{}] as never))).toMatchObject({
      code: 'EINVAL',
      message:
        'waitSyncObjects(): each element must be a SyncObject, or { syncObject, point }, not an object',
    });
    expect(await code(waitSyncObjects([{ syncObject: object, point: 0.5 }], { waitForSubmit: true }))).toBe(
      'EINVAL',
    );
    // Up front: nobody waits although another one is there.
    using done = new SyncObject({ signaled: true });
    expect((await rejection(waitSyncObjects([done, object]))).message).toContain(
      'element 1 has no fence for point 0 yet; to wait for it, say waitForSubmit',
    );
    object.signal();
    expect(await code(object.wait({ point: 1 }))).toBe('EINVAL');
  });

  test('a limit and an abort end it, whether its point is there or not; bad options never begin it', async () => {
    using clock = virtualClock();
    using object = new SyncObject();
    const fence = context().createFence();
    object.replace(fence);
    for (const [point, waitForSubmit] of [
      [0, false],
      [1, true],
    ] as const) {
      const late = rejection(object.wait({ point, waitForSubmit, timeoutMs: 10 }));
      await clock.advance(10);
      expect((await late).code).toBe('ETIME');
      const stop = new AbortController();
      const aborted = rejection(object.wait({ point, waitForSubmit, signal: stop.signal }));
      stop.abort('stop');
      expect(await aborted).toBe('stop');
    }
    for (const options of [null, 7, 'now']) {
      const error = await rejection(object.wait(options as never));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain('SyncObject: wait(): ');
    }
    expect(clock.timers).toBe(0);
    fence.signal();
  });

  test('reset empties the slot, signal fills it', async () => {
    using object = new SyncObject({ signaled: true });
    object.reset();
    expect(await code(object.wait({ timeoutMs: 0 }))).toBe('EINVAL');
    object.signal();
    await object.wait({ timeoutMs: 0 });
  });

  test('sees the fence that was first there: later changes do not reach it', async () => {
    using object = new SyncObject();
    const [first, second] = fences(2) as [DriverFence, DriverFence];
    const early = object.wait({ waitForSubmit: true });
    object.replace(first);
    const waiting = object.wait();
    object.replace(second);
    second.signal();
    object.reset();
    expect([await isOpen(waiting), await isOpen(early)]).toEqual([true, true]);
    first.signal();
    await Promise.all([waiting, early]);
  });

  test('of several, some there, some late, some over: any ends with the first, all with the last', async () => {
    const objects = Array.from({ length: 4 }, () => new SyncObject());
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    objects[0]?.replace(a);
    const any = waitSyncObjects(objects, { waitForSubmit: true });
    const all = waitSyncObjects(objects, { waitForSubmit: true, all: true });
    objects[2]?.replace(b);
    expect(await isOpen(any)).toBe(true);
    b.signal();
    expect(await any).toBe(2);
    objects[1]?.signal();
    objects[3]?.signal();
    expect(await isOpen(all)).toBe(true);
    a.signal();
    expect(await all).toBe(0);
    expect(await waitSyncObjects(objects)).toBe(0);
    for (const object of objects) object[Symbol.dispose]();
    expect([a.refCount, b.refCount]).toEqual([1, 1]);
  });

  test('a timeout of 0 polls, a longer one runs out, an abort ends it; nothing is left behind', async () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    const stop = new AbortController();
    const waits = [
      code(object.wait({ waitForSubmit: true, timeoutMs: 0 })),
      code(object.wait({ waitForSubmit: true, timeoutMs: 1 })),
      rejection(object.wait({ waitForSubmit: true, signal: stop.signal })),
    ] as const;
    expect([await waits[0], await waits[1]]).toEqual(['ETIME', 'ETIME']);
    object.replace(a);
    stop.abort('stop');
    expect(await waits[2]).toBe('stop');
    expect(a.refCount).toBe(2);
    expect(hangingOn(a)).toBeUndefined();
    expect(await code(object.wait({ timeoutMs: 0 }))).toBe('ETIME');
    a.signal();
  });

  test('a failed fence: one wait and all-waits reject, an any-wait tells the index', async () => {
    using object = new SyncObject();
    using other = new SyncObject();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    other.replace(b);
    const one = rejection(object.wait({ waitForSubmit: true }));
    const all = rejection(waitSyncObjects([other, object], { all: true, waitForSubmit: true }));
    const any = waitSyncObjects([other, object], { waitForSubmit: true });
    object.replace(a);
    a.fail('EIO');
    expect([await one, await all, await any]).toEqual([a.error, a.error, 1]);
    expect(await rejection(object.wait())).toBe(a.error);
    b.signal();
  });

  test('disposed of, refuses who waits for submission, any-waits too; who saw a fence goes on', async () => {
    const object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    object.replace(a);
    const seen = object.wait();
    object.reset();
    const waits = [
      code(object.wait({ waitForSubmit: true })),
      code(waitSyncObjects([object], { waitForSubmit: true })),
      code(object.wait({ point: 2, available: true })),
    ];
    object[Symbol.dispose]();
    expect(await Promise.all(waits)).toEqual(['ECANCELED', 'ECANCELED', 'ECANCELED']);
    expect(await isOpen(seen)).toBe(true);
    a.signal();
    await seen;
  });
});

test('a wait for any tells the lowest point that is reached, though nobody asked its chain before', async () => {
  using chained = new SyncObject();
  using plain = new SyncObject({ signaled: true });
  const [a] = fences(1) as [DriverFence];
  chained.addPoint(1, a);
  a.signal();
  const list = [{ syncObject: chained, point: 1 }, plain];
  expect(await waitSyncObjects(list)).toBe(0);
  expect(await waitSyncObjects(list, { signal: AbortSignal.abort('late') })).toBe(0);
});

test('a wait that is not without time asks no exporter of a plain fence whether it is over', async () => {
  using object = new SyncObject();
  let asked = 0;
  const fence = context({ ops: { isSignaled: () => ++asked > 0 } }).createFence();
  object.replace(fence);
  const waiting = object.wait();
  expect([await isOpen(waiting), asked]).toEqual([true, 0]);
  await object.wait({ timeoutMs: 0 });
  await waiting;
  expect(asked).toBe(1);
});

test('a wait that nothing but its point can end, and one with a limit, end alike', async () => {
  for (const limit of [{}, { timeoutMs: 60_000 }]) {
    using object = new SyncObject();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    const wait = (options: object): Promise<unknown> =>
      object.wait({ ...options, ...limit }).catch((error: unknown) => error);
    const early = wait({ point: 2, waitForSubmit: true });
    const available = wait({ point: 1, available: true });
    object.addPoint(1, a);
    expect(await available).toBeUndefined();
    object.addPoint(2, b);
    const there = wait({ point: 2 });
    a.fail('ENODATA');
    expect([await isOpen(early), await isOpen(there)]).toEqual([true, true]);
    b.signal();
    expect([await early, await there, await wait({ point: 1 })]).toEqual([a.error, a.error, a.error]);
    // Without a chain, at once where it is over, and by the exporter that says so.
    object.replace(c);
    const last = wait({});
    c.signal();
    expect([await last, await wait({})]).toEqual([undefined, undefined]);
    expect(await wait({ point: 1 })).toMatchObject({ code: 'EINVAL' });
    expect(await wait({ point: 0.5, waitForSubmit: true })).toMatchObject({ code: 'EINVAL' });
    expect(await wait({ point: -1, waitForSubmit: true })).toMatchObject({ code: 'EINVAL' });
    object.replace(undefined);
    expect([a.refCount, b.refCount, c.refCount]).toEqual([1, 1, 1]);
    const never = wait({ point: 7, waitForSubmit: true });
    object[Symbol.dispose]();
    expect(await never).toMatchObject({
      code: 'ECANCELED',
      message: 'SyncObject: disposed of before point 7 was submitted',
    });
  }
});

describe('the points of a sync object', () => {
  test('are each reached with all before it', async () => {
    using object = new SyncObject();
    const list = fences(4);
    for (const [index, fence] of list.entries()) object.addPoint(index + 1, fence);
    const waits = list.map((_, index) => object.wait({ point: index + 1 }));
    list[2]?.signal();
    list[0]?.signal();
    await waits[0];
    expect([object.query(), object.query({ submitted: true })]).toEqual([1, 4]);
    expect(await Promise.all(waits.slice(1).map(isOpen))).toEqual([true, true, true]);
    list[1]?.signal();
    await Promise.all(waits.slice(0, 3));
    expect([object.query(), reached(object, 3), reached(object, 4), reached(object, 5)]).toEqual([
      3,
      true,
      false,
      undefined,
    ]);
    list[3]?.signal();
    await waits[3];
    expect(object.query()).toBe(4);
  });

  test('a gap is answered by the next higher point, points may come in one leap', async () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    const order: number[] = [];
    const waits = [5, 2, 3, 2, 9].map(async (point) => {
      await object.wait({ point, waitForSubmit: true });
      order.push(point);
    });
    object.addPoint(5, a);
    a.signal();
    await Promise.all(waits.slice(0, 4));
    expect(order.toSorted()).toEqual([2, 2, 3, 5]);
    object.signal(10);
    await waits[4];
  });

  test('a plain fence in the slot has no points', async () => {
    using object = new SyncObject({ signaled: true });
    expect([reached(object), object.fence(1), object.query(), object.query({ submitted: true })]).toEqual([
      true,
      undefined,
      0,
      0,
    ]);
    const waiting = object.wait({ point: 1, waitForSubmit: true });
    object.signal();
    expect(await isOpen(waiting)).toBe(true);
    object.signal(1);
    await waiting;
  });

  test('waited for with available: it is enough that the point is there, and implies waiting for it', async () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    const waiting = object.wait({ point: 2, available: true });
    const any = waitSyncObjects([{ syncObject: object, point: 3 }, object], { available: true });
    expect(await isOpen(waiting)).toBe(true);
    object.addPoint(2, a);
    await waiting;
    expect(await any).toBe(1);
    await object.wait({ point: 1, available: true });
    expect(a.signaled).toBe(false);
    a.signal();
  });

  test('a point that does not rise is raised, and query never goes back', () => {
    using object = new SyncObject();
    const [a, b, c] = fences(3) as [DriverFence, DriverFence, DriverFence];
    object.addPoint(5, a);
    a.signal();
    expect(object.query()).toBe(5);
    object.addPoint(3, b);
    expect([object.query(), object.query({ submitted: true }), reached(object, 3)]).toEqual([5, 5, false]);
    object.addPoint(7, c);
    c.signal();
    expect(object.query()).toBe(5);
    b.signal();
    expect(object.query()).toBe(7);
    object.reset();
    expect(object.query()).toBe(0);
  });

  test('points on top of a plain fence are not reached before that is', () => {
    using object = new SyncObject();
    const [plain, a, b] = fences(3) as [DriverFence, DriverFence, DriverFence];
    object.replace(plain);
    object.addPoint(1, a);
    object.addPoint(2, b);
    a.signal();
    b.signal();
    expect([object.query(), reached(object, 1)]).toEqual([0, false]);
    plain.signal();
    expect([object.query(), reached(object, 2)]).toEqual([2, true]);
  });

  test('a point of one timeline becomes a point of another', async () => {
    using source = new SyncObject();
    using target = new SyncObject();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    source.addPoint(1, a);
    source.addPoint(2, b);
    {
      using point = source.fence(2) as DmaFence;
      using flat = mergeFences([point]);
      target.addPoint(4, flat);
    }
    const waiting = target.wait({ point: 4 });
    source.reset();
    b.signal();
    expect(await isOpen(waiting)).toBe(true);
    a.fail('EIO');
    expect(await rejection(waiting)).toBe(a.error);
    expect(target.query()).toBe(4);
  });

  test('addPoint refuses point 0, chains, and what is no fence; signal and fence bad points', () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    using chain = fenceChain(undefined, a, 1);
    const point = (call: string, lowest: number) =>
      `SyncObject: ${call}(): point must be an integer from ${String(lowest)} to 2^53-1, not `;
    for (const [call, message] of [
      [() => void object.addPoint(0, a), point('addPoint', 1)],
      [() => void object.addPoint(1, chain), 'is a chain'],
      [() => void object.addPoint(1, {} as never), 'must be a fence, not an object'],
      [
        () => void object.replace({} as never),
        'SyncObject: replace(): what it takes must be a fence, not an object',
      ],
      [() => void object.signal(-1), point('signal', 0)],
      [() => object.fence(NaN), point('fence', 0)],
      [() => object.fence(-1), point('fence', 0)],
      [() => object.notify(1 as never), 'SyncObject: what notify() takes must be a function, not 1'],
      [() => object.notify(() => undefined, { point: 2.5 }), point('notify', 0)],
    ] as const) {
      const error = thrown(call);
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain(message);
    }
    expect([object.fence(), a.refCount]).toEqual([undefined, 2]);
    a.signal();
  });
});

describe('a notification', () => {
  test('comes once, at the signal, with the fence', () => {
    using object = new SyncObject();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    const heard: DmaFence[] = [];
    object.notify((fence) => heard.push(fence));
    object.replace(a);
    expect(heard).toEqual([]);
    object.replace(b);
    a.fail('EIO');
    b.signal();
    expect(heard).toEqual([a]);
    expect([a.refCount, b.refCount]).toEqual([1, 2]);
  });

  test('of a point reached, or there: each at its moment, at once where it has come', () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    const heard: string[] = [];
    object.notify(() => heard.push('reached'), { point: 2 });
    object.notify(() => heard.push('there'), { point: 2, available: true });
    object.signal(1);
    expect(heard).toEqual([]);
    object.addPoint(2, a);
    expect(heard).toEqual(['there']);
    object.notify(() => heard.push('there at once'), { point: 1, available: true });
    a.signal();
    expect(heard).toEqual(['there', 'there at once', 'reached']);
    object.notify(() => heard.push('at once'), { point: 2 });
    expect(heard.at(-1)).toBe('at once');
  });

  test('taken back, or its sync object disposed of, it never comes and holds nothing', () => {
    const object = new SyncObject();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    const never = (): void => {
      expect.unreachable();
    };
    const early = object.notify(never);
    early[Symbol.dispose]();
    object.replace(a);
    const late = object.notify(never);
    late[Symbol.dispose]();
    late[Symbol.dispose]();
    expect(a.refCount).toBe(2);
    object.notify(never, { point: 1 });
    object[Symbol.dispose]();
    expect(a.refCount).toBe(1);
    object.addPoint(1, b);
    a.signal();
    b.signal();
    object.reset();
  });

  test('what it throws is reported, now and later', () => {
    using object = new SyncObject({ signaled: true });
    const [a] = fences(1) as [DriverFence];
    const errors = callbackErrors();
    object.notify(() => {
      throw new Error('now');
    });
    object.replace(a);
    object.notify(() => {
      throw new Error('later');
    });
    a.signal();
    expect(errors.map(({ error }) => (error as Error).message)).toEqual(['now', 'later']);
    expect(a.refCount).toBe(2);
  });
});

describe('a sync object', () => {
  test('keeps a reference to its fence; the same fence again wakes nobody', async () => {
    const object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    object.replace(a);
    object.replace(a);
    expect(a.refCount).toBe(2);
    object.addPoint(1, a);
    object[Symbol.dispose]();
    expect(a.refCount).toBe(1);
    a.signal();
    await Promise.resolve();
  });

  test('changed from a notification in the middle of waking others, wakes the right ones', () => {
    using object = new SyncObject();
    const heard: string[] = [];
    object.notify(() => {
      heard.push('first');
      object.reset();
    });
    object.notify(() => heard.push('second'));
    object.signal();
    expect(heard).toEqual(['first']);
    object.signal();
    expect(heard).toEqual(['first', 'second']);
  });

  test('a wait before the submission is a fence of its own to tracers, which depends on the real one', async () => {
    using object = new SyncObject();
    const [a] = fences(1) as [DriverFence];
    const told: string[] = [];
    using _tracing = addFenceTracer({
      waitStart: (fence) => void told.push(`wait for ${fence.context.driverName} ${String(fence.seqno)}`),
      dependency: (fence, on) => told.push(`${fence.context.driverName} on ${on.context.driverName}`),
      waitEnd: (fence, _token, outcome) => told.push(`${fence.context.driverName} ${outcome}`),
    });
    const waiting = object.wait({ point: 3, waitForSubmit: true });
    using array = fenceArray([a]);
    object.replace(array);
    object.addPoint(3, array);
    a.signal();
    await waiting;
    expect(told).toContain('wait for sync_object 3');
    expect(told).toContain('sync_object on dma_fence_chain');
    expect(told.at(-1)).toBe('sync_object signaled');
  });

  test('tells the backend of a fence that came late that somebody awaits it', async () => {
    const waiting: number[] = [];
    const own = context();
    Object.assign(own, { _backend: { waiting: (_fence: DmaFence, change: number) => waiting.push(change) } });
    using object = new SyncObject();
    const waits = [
      object.wait({ waitForSubmit: true }),
      object.wait({ waitForSubmit: true, timeoutMs: 60_000 }),
      waitSyncObjects([object], { waitForSubmit: true }),
    ];
    const fence = own.createFence();
    object.replace(fence);
    expect(waiting).toEqual([1, 1, 1]);
    fence.signal();
    await Promise.all(waits);
    expect(waiting).toEqual([1, 1, 1, -1, -1, -1]);
    // There already, it is told as well.
    const next = own.createFence();
    object.replace(next);
    const there = object.wait();
    expect(waiting.slice(6)).toEqual([1]);
    next.fail('EIO');
    expect(await rejection(there)).toBe(next.error);
    expect([waiting.slice(6), next.refCount]).toEqual([[1, -1], 2]);
  });

  test('a wait that was given up in the turn in which its point comes awaits nobody', async () => {
    const waiting: number[] = [];
    const own = context();
    Object.assign(own, { _backend: { waiting: (_fence: DmaFence, change: number) => waiting.push(change) } });
    using object = new SyncObject();
    const stop = new AbortController();
    const wait = object.wait({ waitForSubmit: true, signal: stop.signal });
    stop.abort('stop');
    const fence = own.createFence();
    object.replace(fence);
    expect(await rejection(wait)).toBe('stop');
    expect(waiting).toEqual([]);
    fence.signal();
  });

  test('notifications come by their points, those for one point in the order in which they were asked for', () => {
    using object = new SyncObject();
    const came: string[] = [];
    for (const [name, point] of [
      ['5', 5],
      ['3 first', 3],
      ['1', 1],
      ['3 second', 3],
      ['4', 4],
      ['3 third', 3],
    ] as const)
      object.notify(() => void came.push(name), { point, available: true });
    object.signal(2);
    expect(came).toEqual(['1']);
    object.signal(6);
    expect(came).toEqual(['1', '3 first', '3 second', '3 third', '4', '5']);
  });

  test('the fences that stand for late points are of a context that makes no others, and says so', async () => {
    const contexts: DmaFenceContext[] = [];
    using _tracer = addFenceTracer({ waitStart: ({ context }) => void contexts.push(context) });
    using object = new SyncObject();
    const late = object.wait({ waitForSubmit: true });
    object.signal();
    await late;
    expect(thrown(() => contexts[0]?.createFence())).toMatchObject({
      code: 'EINVAL',
      message: expect.stringContaining(
        'on the context of a sync object; make a context of your own',
      ) as string,
    });
    using stub = new SyncObject({ signaled: true }).fence() as DmaFence;
    expect(thrown(() => stub.context.createFence()).code).toBe('EINVAL');
  });

  test('asks a late fence’s exporter, which may say "already done"', async () => {
    using object = new SyncObject();
    const fence = context({ ops: { enableSignaling: () => false } }).createFence();
    const waiting = object.wait({ waitForSubmit: true });
    object.replace(fence);
    await waiting;
  });

  long('does what a map of points does, over any sequence of calls', async () => {
    const call = fc.record({
      what: fc.constantFrom(
        'add',
        'add',
        'signal',
        'signal',
        'fail',
        'wait',
        'available',
        'notify',
        'reset',
        'plain',
      ),
      step: fc.integer({ min: -2, max: 4 }),
      which: fc.nat({ max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 40 }), async (calls) => {
        const heard = warnings();
        const object = new SyncObject();
        /** Every fence that was made, and the points of the present timeline: where each stands and what is behind it. */
        const made: DriverFence[] = [];
        let points: { point: number; fence: DriverFence }[] = [];
        let plain: DriverFence | undefined;
        let last = 0;
        let floor = 0;
        const failures: DriverFence[] = [];
        const waits: {
          promise: Promise<unknown>;
          over: boolean;
          seen: () => void;
          expected: () => boolean;
        }[] = [];
        const upTo = (point: number): DriverFence[] | undefined => {
          const at = points.findIndex((one) => one.point >= point);
          if (at < 0) return undefined;
          // A later context takes everything before it along: as far as the first point that answers, from the newest context.
          const restart = points.findLastIndex(
            (one, index) => index > 0 && one.point <= (points[index - 1]?.point ?? 0),
          );
          const end = Math.max(at, restart);
          return [
            ...(plain === undefined ? [] : [plain]),
            ...points.slice(0, end + 1).map(({ fence }) => fence),
          ];
        };
        const isOver = (list: DriverFence[]): boolean => list.every((fence) => fence.signaled);
        const check = (): void => {
          for (let point = 1; point <= last + 2; point++) {
            const list = upTo(point);
            using fence = object.fence(point) as DmaFence & Disposable;
            if (list === undefined) expect(fence).toBeUndefined();
            else {
              expect(fence.poll()).toBe(isOver(list));
              if (fence.signaled) expect(fence.error).toBe(failures.find((one) => list.includes(one))?.error);
            }
          }
          const query = object.query();
          expect(query).toBeGreaterThanOrEqual(floor);
          floor = query;
          expect(object.query({ submitted: true })).toBe(points.length === 0 ? 0 : last);
          if (points.length > 0 && isOver(upTo(last) as DriverFence[])) expect(query).toBe(last);
        };
        for (const { what, step, which } of calls) {
          const one = made[which % Math.max(1, made.length)];
          if (what === 'add') {
            const fence = context().createFence();
            made.push(fence);
            const point = Math.max(1, last + step);
            last = Math.max(last, point);
            points.push({ point: last, fence });
            object.addPoint(point, fence);
          } else if (what === 'signal') one?.signal();
          else if (what === 'fail') {
            if (one?.fail('EIO') === true) failures.push(one);
          } else if (what === 'reset' || what === 'plain') {
            plain = what === 'plain' ? context().createFence() : undefined;
            if (plain !== undefined) made.push(plain);
            object.replace(plain);
            points = [];
            last = 0;
            floor = 0;
          } else {
            const point = Math.max(1, last + step);
            let list = upTo(point);
            const wait = {
              over: false,
              promise: Promise.resolve() as Promise<unknown>,
              // A snapshot of the moment at which the point was first there.
              seen: () => {
                list ??= upTo(point);
              },
              expected: () => list !== undefined && isOver(list),
            };
            const settle = (): void => {
              wait.over = true;
            };
            if (what === 'notify') object.notify(settle, { point });
            else {
              wait.promise = object
                .wait({ point, waitForSubmit: true, available: what === 'available' })
                .then(settle, settle);
            }
            if (what === 'available') wait.expected = () => list !== undefined;
            waits.push(wait);
          }
          for (const { seen } of waits) seen();
          check();
          await settled();
          for (const wait of waits) expect(wait.over).toBe(wait.expected());
        }
        for (const fence of made) fence.signal();
        check();
        object[Symbol.dispose]();
        await Promise.all(waits.map(({ promise }) => promise));
        for (const fence of made) expect(fence.refCount).toBe(1);
        expect(heard).toEqual([]);
      }),
      { numRuns: 200, endOnFailure: true },
    );
  });
});

test('once disposed of, nobody is left waiting for a point that is not there', async () => {
  const object = new SyncObject();
  object[Symbol.dispose]();
  const gone = { code: 'ECANCELED', message: 'SyncObject: disposed of before point 3 was submitted' };
  expect(await rejection(object.wait({ point: 3, waitForSubmit: true }))).toMatchObject(gone);
  expect(await rejection(object.wait({ point: 3, available: true, timeoutMs: 1000 }))).toMatchObject(gone);
  const any = waitSyncObjects([{ syncObject: object, point: 3 }], { waitForSubmit: true });
  expect(await rejection(any)).toMatchObject(gone);
});

test.each([null, 5])('query refuses options that are no object: %j', (options) => {
  expect(thrown(() => new SyncObject().query(options as unknown as object))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('SyncObject: query(): options must be an object') as string,
  });
});

test('a slot that an exporter empties while it is asked takes the point all the same', () => {
  using object = new SyncObject();
  const old = context({
    ops: {
      isSignaled: () => {
        object.reset();
        return false;
      },
    },
  }).createFence();
  const [a] = fences(1) as [DriverFence];
  object.addPoint(5, old);
  object.addPoint(5, a);
  expect(old.refCount).toBe(1);
  a.signal();
  expect(object.query()).toBe(5);
  old.signal();
});

describe('a slot that is re-entered', () => {
  test('by an exporter that adds a point while a chain is put in: every waiter is told', async () => {
    using object = new SyncObject();
    const told: number[] = [];
    const waits = [1, 2, 20].map((point) =>
      object.wait({ point, available: true }).then(() => void told.push(point)),
    );
    const [x, c] = fences(2) as [DriverFence, DriverFence];
    let entered = false;
    const own = context({
      ops: {
        isSignaled: () => {
          if (entered) return false;
          entered = true;
          object.addPoint(9, x);
          return false;
        },
      },
    });
    using first = fenceChain(undefined, own.createFence(), 1);
    using second = fenceChain(first, own.createFence(), 2);
    using third = fenceChain(second, c, 3);
    object.replace(third);
    await settled();
    // The exporter adds its point while the first waiter is being told.
    expect([entered, told.sort(), object.query({ submitted: true })]).toEqual([true, [1, 2], 9]);
    object.signal(20);
    await Promise.all(waits);
    expect(told).toEqual([1, 2, 20]);
  });

  test('by a tracer that hears of a point and adds the next one: none is lost', () => {
    using object = new SyncObject();
    const [a, b] = fences(2) as [DriverFence, DriverFence];
    let entered = false;
    {
      using _tracing = addFenceTracer({
        dependency: () => {
          if (entered) return;
          entered = true;
          object.addPoint(1, a);
        },
      });
      object.addPoint(2, b);
    }
    b.signal();
    expect([object.query(), object.query({ submitted: true })]).toEqual([0, 2]);
    a.signal();
    expect(object.query()).toBe(2);
  });

  test('by what the old fence runs when it goes: the newer change stays', async () => {
    using object = new SyncObject();
    const [newest, next] = fences(2) as [DriverFence, DriverFence];
    const own = ownContext({
      ops: {
        release: () => {
          object.replace(newest);
        },
      },
    });
    const old = own.createFence();
    object.replace(old);
    old.signal();
    old.put();
    const waited = object.wait({ point: 5, available: true });
    object.replace(next);
    using there = object.fence() as DmaFence;
    expect(there).toBe(newest);
    object.replace(undefined);
    object.signal(5);
    await waited;
  });
});

describe('an extra put()', () => {
  test('of the fence in a slot: every call that needs no reference to it goes on', async () => {
    warnings();
    using object = new SyncObject();
    const harmed = ownContext().createFence();
    object.replace(harmed);
    harmed.put();
    harmed.put();
    expect(thrown(() => object.fence()).code).toBe('EINVAL');
    expect(await code(object.wait())).toBe('EINVAL');
    expect(await code(waitSyncObjects([object]))).toBe('EINVAL');
    const woken = object.wait({ point: 5, available: true });
    const good = context().createFence();
    using chain = fenceChain(undefined, good, 7);
    object.replace(chain);
    await woken;
    using there = object.fence() as DmaFence;
    expect(there).toBe(chain);
  });

  test('of what a timeline of points is made of: later points are reached all the same', async () => {
    warnings();
    using object = new SyncObject();
    const harmed = ownContext().createFence();
    const good = context().createFence();
    object.addPoint(1, harmed);
    const waited = code(object.wait({ point: 2, waitForSubmit: true }));
    harmed.put();
    harmed.put();
    object.addPoint(2, good);
    good.signal();
    expect(await waited).toBe('EDEADLK');
    expect(object.query()).toBe(2);
  });

  test('while somebody waits for it through a slot: nobody throws at who put it, and all are told', async () => {
    const heard = warnings();
    using object = new SyncObject();
    const waited = code(object.wait({ waitForSubmit: true }));
    const harmed = ownContext().createFence();
    object.replace(harmed);
    const other = code(harmed.wait());
    let called = false;
    harmed.addCallback(() => (called = true));
    // The test's own, the slot's, and the one that the wait holds.
    for (let count = 0; count < 3; count++) harmed.put();
    expect([await waited, await other, called, harmed.refCount]).toEqual(['EDEADLK', 'EDEADLK', true, 0]);
    expect(heard).toHaveLength(1);
  });
});

test('wait rejects, and never throws, also for an option that cannot be read', async () => {
  using object = new SyncObject();
  const boom = new Error('no option');
  for (const name of ['point', 'timeoutMs', 'signal', 'waitForSubmit', 'available']) {
    const options = {
      get [name](): never {
        throw boom;
      },
    };
    await expect(object.wait(options)).rejects.toBe(boom);
    await expect(waitSyncObjects([{ syncObject: object }], options)).rejects.toThrow();
  }
});
