import {
  addFenceTracer,
  DmaFenceContext,
  FenceError,
  SyncObject,
  waitAll,
  type DmaFence,
} from '@dma-fence/core';
import { dumpFences, pendingFences, trackFences } from '@dma-fence/core/debug';
import { lockdep } from '@dma-fence/core/lockdep';
import {
  abortErrorOf,
  Capacity,
  checkKeys,
  createFenceIn,
  errorOf,
  failureOfFence,
  failWithFailure,
  fenceOfRecord,
  limitedWait,
  needsOf,
  newFailure,
  now,
  observed,
  onObserved,
  overFence,
  producerContext,
  producerRecord,
  refusal,
  runInFence,
  setTimer,
  unfitArgument,
  whenSubmitted,
  type FenceNeeds,
} from '@dma-fence/core/producer';
import { virtualClock } from '@dma-fence/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { replacePlatform } from '../../src/replace-platform.js';
import { context, forTest, thrown } from '../support.js';

const code = (error: unknown): string => (error as FenceError).code;

describe('clock and timers', () => {
  test("follow core's virtual clock, and a timer can be taken back any number of times", async () => {
    using clock = virtualClock({ now: 5 });
    expect(now()).toBe(5);
    const rang: number[] = [];
    setTimer(() => rang.push(now()), 10);
    const gone = setTimer(() => rang.push(-1), 10);
    gone[Symbol.dispose]();
    gone[Symbol.dispose]();
    await clock.advance(10);
    expect(rang).toEqual([15]);
    expect(clock.timers).toBe(0);
  });
});

// The suite that runs with the check on is observed all the time.
describe.skipIf(observed())('whether anybody looks on', () => {
  test('a tracer and the validator count, and so does tracking; listeners hear of the first and the last', () => {
    const heard: boolean[] = [];
    const listening = onObserved((looking) => heard.push(looking));
    expect(observed()).toBe(false);
    const tracing = addFenceTracer({});
    expect(observed()).toBe(true);
    const checking = lockdep.enable();
    tracing[Symbol.dispose]();
    expect(observed()).toBe(true);
    checking[Symbol.dispose]();
    expect(observed()).toBe(false);
    trackFences()[Symbol.dispose]();
    expect(heard).toEqual([true, false, true, false]);
    listening[Symbol.dispose]();
    listening[Symbol.dispose]();
    addFenceTracer({})[Symbol.dispose]();
    expect(heard.length).toBe(4);
  });

  test('a listener that comes while somebody looks on hears when they leave', () => {
    const tracing = addFenceTracer({});
    const heard: boolean[] = [];
    using _listening = onObserved((looking) => heard.push(looking));
    tracing[Symbol.dispose]();
    expect(heard).toEqual([false]);
  });

  test('a listener that throws stops no other, and what it threw is an uncaught error', () => {
    const reported: unknown[] = [];
    using _platform = replacePlatform({ report: (error) => reported.push(error) });
    const heard: boolean[] = [];
    using _bad = onObserved(() => {
      throw new Error('no');
    });
    using _good = onObserved((looking) => heard.push(looking));
    addFenceTracer({})[Symbol.dispose]();
    expect(heard).toEqual([true, false]);
    expect(reported).toEqual([new Error('no'), new Error('no')]);
  });

  test('a listener may leave while listeners are told', () => {
    const heard: string[] = [];
    const first = onObserved(() => {
      heard.push('first');
      first[Symbol.dispose]();
    });
    using _second = onObserved(() => heard.push('second'));
    addFenceTracer({})[Symbol.dispose]();
    expect(heard).toEqual(['first', 'second', 'second']);
  });

  test('anything but a function is refused', () => {
    expect(code(thrown(() => onObserved(7 as never)))).toBe('EINVAL');
  });
});

describe("a producer's own record", () => {
  test('runs like a callback, and tracers do not hear of it', () => {
    const told: string[] = [];
    using _tracing = addFenceTracer({
      callbackAdded: () => told.push('added'),
      callback: (_fence, run) => {
        told.push('callback');
        run();
      },
    });
    const fence = context().createFence();
    const ran: unknown[] = [];
    const record = producerRecord((fence, { data }) => ran.push(fence, data), 'data');
    expect(fence.addCallback(record)).toBe(true);
    expect(record.pending).toBe(true);
    expect(fenceOfRecord(record)).toBe(fence);
    fence.addCallback(() => ran.push('user'));
    fence.signal();
    expect(ran).toEqual([fence, 'data', 'user']);
    expect(told).toEqual(['added', 'callback']);
    expect(fenceOfRecord(record)).toBeUndefined();
  });

  test('stays a record of that kind when it is used again, also after it was removed', () => {
    const told: string[] = [];
    using _tracing = addFenceTracer({ callbackAdded: () => told.push('added') });
    const own = context();
    let ran = 0;
    const record = producerRecord(() => ran++);
    const [a, b, c] = [own.createFence(), own.createFence(), own.createFence()];
    a.addCallback(record);
    expect(a.removeCallback(record)).toBe(true);
    b.addCallback(record);
    expect(thrown(() => c.addCallback(record))).toMatchObject({ code: 'EINVAL' });
    b.signal();
    expect(c.addCallback(record)).toBe(true);
    record[Symbol.dispose]();
    c.signal();
    expect(b.addCallback(record)).toBe(false);
    expect(ran).toBe(1);
    expect(told).toEqual([]);
  });

  test('a wait in what it calls is no wait in a callback', async () => {
    const reports: string[] = [];
    using _checking = lockdep.enable({ onReport: ({ kind }) => reports.push(kind) });
    const own = context();
    const [fence, other] = [own.createFence(), own.createFence()];
    let waiting: Promise<void> | undefined;
    fence.addCallback(producerRecord(() => void (waiting = other.wait())));
    fence.signal();
    other.signal();
    await waiting;
    expect(reports).toEqual([]);
  });

  test('anything but a function is refused', () => {
    expect(code(thrown(() => producerRecord(undefined as never)))).toBe('EINVAL');
  });
});

describe('contexts of a producer', () => {
  test('only createFenceIn creates fences there, numbered like all others', () => {
    const own = producerContext({ driverName: 'gpu', timelineName: 'jobs', initialSeqno: 7 }, 'submit a job');
    const fence = createFenceIn(own, { job: 1 });
    expect([fence.seqno, fence.name, own.pending, own.lastSeqno]).toEqual([
      8,
      `gpu:jobs:${String(own.id)}:8`,
      1,
      8,
    ]);
    expect(thrown(() => own.createFence())).toMatchObject({
      code: 'EINVAL',
      message: 'gpu:jobs: createFence() has no place on this context; submit a job',
    });
    fence.signal();
    fence.put();
  });

  test('numbers run out, and anything but a context is refused', () => {
    const own = producerContext(
      { driverName: 'gpu', timelineName: 'jobs', initialSeqno: Number.MAX_SAFE_INTEGER },
      'submit a job',
    );
    expect(code(thrown(() => createFenceIn(own, undefined)))).toBe('EINVAL');
    expect(code(thrown(() => createFenceIn({} as never, undefined)))).toBe('EINVAL');
  });

  test('ops work as for every context', () => {
    const deadlines: number[] = [];
    const own = producerContext(
      {
        driverName: 'gpu',
        timelineName: 'jobs',
        ops: { setDeadline: (_fence, deadline) => void deadlines.push(deadline) },
      },
      'submit a job',
    );
    using fence = createFenceIn(own, undefined);
    fence.setDeadline(12);
    fence.signal();
    expect(deadlines).toEqual([12]);
    expect(needsOf(fence)).toBeUndefined();
  });

  test('what a fence needs is asked of its producer while it is pending, and shown in dumps', () => {
    const blocker = context().createFence();
    const needs = new Map<DmaFence, FenceNeeds>();
    const own = producerContext(
      { driverName: 'gpu', timelineName: 'jobs', ops: { needs: (fence) => needs.get(fence) } },
      'submit a job',
    );
    using _tracking = trackFences();
    using first = createFenceIn(own, undefined);
    using second = createFenceIn(own, undefined);
    using third = createFenceIn(own, undefined);
    needs.set(first, { on: [blocker] });
    needs.set(second, { on: ['credits of gpu:jobs, held by first', blocker] });
    expect(needsOf(first)).toEqual({ on: [blocker] });
    expect(pendingFences().map(({ waitsFor }) => waitsFor)).toEqual([
      blocker.name,
      'credits of gpu:jobs, held by first',
      undefined,
    ]);
    expect(dumpFences(() => undefined)).toContain('waits for');
    for (const fence of [first, second, third]) fence.signal();
    expect(needsOf(first)).toBeUndefined();
  });
});

describe('failures', () => {
  test('anything thrown becomes a FenceError, and a FenceError is kept', () => {
    const error = new FenceError('ENODATA', 'nothing');
    expect(newFailure(error, 'job 7').error).toBe(error);
    const cause = new Error('no paper');
    expect(newFailure(cause, 'job 7').error).toMatchObject({
      code: 'EIO',
      cause,
      message: 'job 7 failed: no paper',
    });
    expect(newFailure(7, 'job 7').error).toMatchObject({ code: 'EIO', cause: 7 });
  });

  test('a fence that is made late fails in the order in which its work failed', async () => {
    const own = context();
    const first = newFailure('first', 'job 1');
    const second = own.createFence();
    second.fail('EIO');
    const late = own.createFence();
    expect(failWithFailure(late, first)).toBe(true);
    expect(failWithFailure(late, newFailure('again', 'job 1'))).toBe(false);
    expect(late.error).toBe(first.error);
    await expect(waitAll([second, late])).rejects.toBe(first.error);
    expect(failureOfFence(late)?.order).toBe(first.order);
    expect(failureOfFence(own.createFence())).toBeUndefined();
    expect((failureOfFence(second)?.order ?? 0) > first.order).toBe(true);
  });

  test('a fence that is over from the beginning has its number, its data and its failure, and nobody is told of it', async () => {
    const told: string[] = [];
    using _tracing = addFenceTracer({ init: () => told.push('init'), signaled: () => told.push('signaled') });
    const own = producerContext({ driverName: 'gpu', timelineName: 'jobs' }, 'submit a job');
    const failure = newFailure(7, 'job 3');
    using failed = overFence(own, 3, 'data', failure);
    using done = overFence(own, 1, undefined);
    expect([failed.seqno, failed.data, failed.status, failed.error]).toEqual([
      3,
      'data',
      'failed',
      failure.error,
    ]);
    expect([done.status, done.poll(), done.addCallback(() => undefined)]).toEqual(['signaled', true, false]);
    await expect(failed.wait()).rejects.toBe(failure.error);
    expect(failureOfFence(failed)?.order).toBe(failure.order);
    expect([own.pending, own.lastSeqno, told]).toEqual([0, 3, []]);
    expect(code(thrown(() => overFence({} as never, 1, undefined)))).toBe('EINVAL');
    expect(code(thrown(() => overFence(own, -1, undefined)))).toBe('EINVAL');
  });

  test('a released fence is refused', () => {
    const fence = new DmaFenceContext({ driverName: 'gpu', timelineName: 'jobs' }).createFence();
    fence.signal();
    fence.put();
    expect(code(thrown(() => failWithFailure(fence, newFailure(1, 'job'))))).toBe('EINVAL');
    expect(code(thrown(() => runInFence(fence, () => 1)))).toBe('EINVAL');
  });
});

describe('refusals', () => {
  const job = {
    get who(): string {
      return 'job 7';
    },
  };

  test('are worded as core does', () => {
    expect(refusal(job, 'is over; prepare another')).toMatchObject({
      code: 'EINVAL',
      message: 'job 7: is over; prepare another',
    });
    expect(refusal('queue', 'is full', 'EBUSY').code).toBe('EBUSY');
    expect(unfitArgument(job, 'credits', 'a number', 'x').message).toBe(
      'job 7: credits must be a number, not "x"',
    );
  });

  test('keys that are no options are refused, and what is no object', () => {
    const broken = {
      get who(): string {
        throw new Error('asked for its name without need');
      },
    };
    expect(checkKeys(broken, { a: 1 }, ['a'])).toBeUndefined();
    expect(thrown(() => checkKeys(job, { b: 1 }, ['a']))).toMatchObject({
      message: 'job 7: "b" is no option; there are a',
    });
    for (const bad of [null, undefined, 7])
      expect(code(thrown(() => checkKeys(job, bad as never, [])))).toBe('EINVAL');
  });

  test('errors come from codes, errors and reasons', () => {
    const error = new FenceError('EIO', 'no');
    expect(errorOf(job, error)).toBe(error);
    expect(errorOf(job, 'ENODEV')).toMatchObject({
      code: 'ENODEV',
      message: 'job 7 failed with ENODEV: the device is gone',
    });
    expect(errorOf(job, new Error('bad'))).toMatchObject({ code: 'EIO', message: 'job 7 failed: bad' });
    expect(code(thrown(() => errorOf(job, 7 as never)))).toBe('EINVAL');
    expect(abortErrorOf(job, error)).toBe(error);
    expect(abortErrorOf(job, 'left')).toMatchObject({ code: 'ECANCELED', cause: 'left' });
  });
});

describe('points', () => {
  const listen = (): {
    log: unknown[];
    arrived(fence: DmaFence): void;
    canceled(error: FenceError): void;
  } => {
    const log: unknown[] = [];
    return { log, arrived: (fence) => log.push(fence.seqno), canceled: (error) => log.push(error.code) };
  };

  test('a point that is there is told at once, a later one when it comes', () => {
    using pictures = new SyncObject();
    const fence = context().createFence();
    pictures.addPoint(1, fence);
    const [now, later] = [listen(), listen()];
    whenSubmitted(pictures, 1, now);
    whenSubmitted(pictures, 2, later);
    expect([now.log, later.log]).toEqual([[1], []]);
    pictures.addPoint(2, fence);
    expect(later.log).toEqual([2]);
  });

  test('a sync object that is disposed of is told, also when it was disposed of before', () => {
    const pictures = new SyncObject();
    const [before, after, gone] = [listen(), listen(), listen()];
    whenSubmitted(pictures, 1, before);
    whenSubmitted(pictures, 1, gone)[Symbol.dispose]();
    pictures[Symbol.dispose]();
    whenSubmitted(pictures, 1, after);
    expect([before.log, after.log, gone.log]).toEqual([['ECANCELED'], ['ECANCELED'], []]);
  });

  test('anything but a sync object and a point is refused', () => {
    expect(code(thrown(() => whenSubmitted({} as never, 1, listen())))).toBe('EINVAL');
    expect(code(thrown(() => whenSubmitted(forTest(new SyncObject()), -1, listen())))).toBe('EINVAL');
  });
});

describe('a wait with limits', () => {
  const waits = (options?: Parameters<typeof limitedWait>[1]) => {
    const log: string[] = [];
    const end: { resolve?: (value: number) => void; reject?: (reason: unknown) => void } = {};
    const result = limitedWait<number>('room()', options, (resolve, reject) => {
      log.push('begin');
      Object.assign(end, { resolve, reject });
      return () => log.push('undo');
    });
    return { log, end, result };
  };

  test('settles as it is told', async () => {
    const a = waits();
    a.end.resolve?.(7);
    await expect(a.result).resolves.toBe(7);
    const b = waits();
    b.end.reject?.('no');
    await expect(b.result).rejects.toBe('no');
    expect([a.log, b.log]).toEqual([['begin'], ['begin']]);
  });

  test('what settles at once reports neither abort nor timeout', async () => {
    const options = { timeoutMs: 0, signal: AbortSignal.abort() };
    await expect(
      limitedWait('room()', options, (resolve) => {
        resolve(1);
        return undefined;
      }),
    ).resolves.toBe(1);
  });

  test('a timeout takes it back, and no timer is left', async () => {
    using clock = virtualClock();
    const wait = waits({ timeoutMs: 10 });
    const settled = expect(wait.result).rejects.toMatchObject({
      code: 'ETIME',
      message: expect.stringMatching(/^room\(\): not signaled within 10 ms/) as string,
    });
    await clock.advance(10);
    await settled;
    expect(wait.log).toEqual(['begin', 'undo']);
    const quick = waits({ timeoutMs: 10 });
    quick.end.resolve?.(1);
    await quick.result;
    expect(clock.timers).toBe(0);
    await expect(waits({ timeoutMs: 0 }).result).rejects.toMatchObject({ code: 'ETIME' });
  });

  test('an abort takes it back, before and after the beginning', async () => {
    const before = waits({ signal: AbortSignal.abort('gone') });
    await expect(before.result).rejects.toBe('gone');
    const leaving = new AbortController();
    const off = vi.spyOn(leaving.signal, 'removeEventListener');
    const after = waits({ signal: leaving.signal });
    leaving.abort('left');
    await expect(after.result).rejects.toBe('left');
    after.end.resolve?.(1);
    expect([before.log, after.log]).toEqual([
      ['begin', 'undo'],
      ['begin', 'undo'],
    ]);
    expect(off).toHaveBeenCalled();
  });

  test('bad options reject before it begins', async () => {
    const wait = waits({ timeoutMs: -1 });
    await expect(wait.result).rejects.toMatchObject({ code: 'EINVAL' });
    expect(wait.log).toEqual([]);
  });
});

describe("work in a fence's own section", () => {
  test('returns what it returns, throws what it throws, and leaves the signal to its caller', () => {
    const fence = context().createFence();
    expect(runInFence(fence, () => 7)).toBe(7);
    const error = new Error('no');
    expect(
      thrown(() =>
        runInFence(context().createFence(), () => {
          throw error;
        }),
      ),
    ).toBe(error);
    expect(fence.signaled).toBe(false);
  });

  test('is inside of nothing that it happens to begin in: a wait there is no wait in a callback', async () => {
    const reports: string[] = [];
    using _checking = lockdep.enable({ onReport: ({ title }) => reports.push(title) });
    const own = context();
    const [cause, job, other] = [own.createFence(), own.createFence(), context().createFence()];
    let waiting: Promise<void> | undefined;
    cause.addCallback(() => void (waiting = runInFence(job, () => other.wait())));
    cause.signal();
    other.signal();
    await waiting;
    job.signal();
    expect(reports).toEqual([]);
  });

  test('what it waits for itself is reported, as in every section', async () => {
    const reports: string[] = [];
    using _checking = lockdep.enable({ onReport: ({ kind }) => reports.push(kind) });
    const job = context().createFence();
    const waiting = runInFence(job, () => job.wait({ timeoutMs: 1 }).catch(() => undefined));
    await waiting;
    job.signal();
    expect(reports).toEqual(['self-wait']);
  });

  test('a capacity has a name', () => {
    expect(new Capacity('workers').name).toBe('workers');
    expect(code(thrown(() => new Capacity('')))).toBe('EINVAL');
    expect(new Capacity('workers').release({})).toBeUndefined();
  });
});
