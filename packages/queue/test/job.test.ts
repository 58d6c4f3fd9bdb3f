import { DmaFenceContext, FenceError, isDmaFence, type DmaFence } from '@dma-fence/core';
import { virtualClock } from '@dma-fence/core/testing';
import type { Job } from '@dma-fence/queue';
import { describe, expect, test } from 'vitest';
import { code, fence, forTest, gate, queueOf, rejection, thrown, turn, Unit } from './support.js';

describe('work', () => {
  test('that returns nothing is over when it returns', async () => {
    using job = queueOf().submit(() => undefined);
    expect([job.status, job.finished.status, job.scheduled.status]).toEqual([
      'finished',
      'signaled',
      'signaled',
    ]);
    await expect(job.result()).resolves.toBeUndefined();
  });

  test('gets its job, and what it returns is the result, awaited', async () => {
    const queue = queueOf({ credits: 3 });
    const seen: unknown[] = [];
    const work = (job: Job): number => {
      seen.push(job.status, job.data, job.name);
      return 7;
    };
    const job = queue.submit(work, { data: { id: 1 }, name: 'seven' });
    expect(seen).toEqual(['running', { id: 1 }, 'seven']);
    await expect(job.result()).resolves.toBe(7);
    const { promise, open } = gate<string>();
    const later = queue.submit(() => promise);
    expect(later.status).toBe('running');
    open('text');
    await expect(later.result()).resolves.toBe('text');
    const thenable = { then: (resolve: (value: number) => void) => void resolve(5) };
    await expect(queue.submit(() => thenable as unknown as PromiseLike<number>).result()).resolves.toBe(5);
  });

  test('anything may be thrown: finished fails with it as the cause, result rejects with exactly it', async () => {
    const queue = queueOf();
    for (const what of [new Error('no'), 7, undefined, 'text', new FenceError('ENODATA', 'nothing')]) {
      using sync = queue.submit(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- anything may be
        throw what;
      });
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything may be
      using async = queue.submit(() => Promise.reject(what));
      expect(await rejection(async.result())).toBe(what);
      expect(await rejection(sync.result())).toBe(what);
      for (const { finished, scheduled, status } of [sync, async]) {
        expect([status, scheduled.status, finished.status]).toEqual(['failed', 'signaled', 'failed']);
        if (what instanceof FenceError) expect(finished.error).toBe(what);
        else expect(finished.error).toMatchObject({ code: 'EIO', cause: what });
      }
    }
  });

  test('whose promise has a then that throws has thrown', async () => {
    const bad = Object.defineProperty({}, 'then', {
      get: () => {
        throw new Error('then');
      },
    });
    expect(
      await rejection(
        queueOf()
          .submit(() => bad)
          .result(),
      ),
    ).toEqual(new Error('then'));
  });
});

describe('a fence that work returns, or its promise resolves with', () => {
  const hardware = new DmaFenceContext({ driverName: 'hw', timelineName: 'unit' });

  test("is the hardware's: its reference is taken over, and the job is over when it is", async () => {
    const queue = queueOf({ credits: 2 });
    const [a, b] = [hardware.createFence(), hardware.createFence()];
    using sync = queue.submit(() => a);
    using later = queue.submit(() => Promise.resolve(b));
    await turn();
    expect([sync.status, later.status, queue.running]).toEqual(['running', 'running', 2]);
    a.signal();
    b.fail('ENODATA');
    expect([sync.status, later.finished.error]).toEqual(['finished', b.error]);
    expect([a.refCount, b.refCount]).toEqual([0, 0]);
    const nothing: undefined = await sync.result();
    expect(nothing).toBeUndefined();
    expect(await rejection(later.result())).toBe(b.error);
  });

  test('may be over already, or have been dropped unsignaled', () => {
    const queue = queueOf();
    const done = hardware.createFence();
    done.signal();
    expect(queue.submit(() => done).status).toBe('finished');
    const warned: string[] = [];
    const dropped = hardware.createFence();
    dropped.addCallback(() => warned.push('over'));
    dropped.fail('EDEADLK');
    dropped.put();
    using job = queue.submit(() => dropped);
    expect([job.finished.error, done.refCount]).toEqual([dropped.error, 0]);
  });

  test('of its own job would wait for itself: EDEADLK', () => {
    using job = queueOf().submit((job) => job.finished as DmaFence);
    expect(job.finished.error?.code).toBe('EDEADLK');
  });

  test('is put also when the job was abandoned before its promise resolved', async () => {
    const queue = queueOf();
    const { promise, open } = gate<DmaFence>();
    using job = queue.submit(() => promise);
    job.abandon();
    const late = hardware.createFence();
    late.signal();
    open(late);
    await turn();
    expect([late.refCount, job.finished.error?.code]).toEqual([0, 'ECANCELED']);
  });
});

describe('result', () => {
  test('settles also after the job was disposed of, early and late', async () => {
    const unit = new Unit();
    const job = queueOf().submit(unit.run, { name: 'job' });
    const early = job.result();
    job[Symbol.dispose]();
    unit.end('job');
    await early;
    await job.result();
    expect(job.finished.status).toBe('signaled');
  });

  test('takes the options of every wait', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf();
    const job = queue.submit(unit.run, { name: 'job' });
    const late = rejection(job.result({ timeoutMs: 10 }));
    await clock.advance(10);
    expect(await late).toMatchObject({ code: 'ETIME' });
    expect(await rejection(job.result({ signal: AbortSignal.abort('gone') }))).toBe('gone');
    expect(await rejection(job.result({ timeoutMs: -1 }))).toMatchObject({ code: 'EINVAL' });
    unit.end('job');
    await job.result({ timeoutMs: 0 });
    expect(clock.timers).toBe(0);
  });

  test('of one that failed before it began rejects with finished.error', async () => {
    const blocker = fence();
    using job = queueOf().submit(() => 1, { after: [blocker] });
    const result = rejection(job.result());
    blocker.fail('ENODATA');
    expect(await result).toBe(blocker.error);
    expect(job.finished.error).toBe(blocker.error);
  });

  test('of a prepared one waits, and rejects when that is disposed of', async () => {
    const queue = queueOf();
    const [job, other] = [queue.job(() => 7), queue.job(() => 8)];
    const results = [job.result(), rejection(other.result())];
    job.arm();
    job.push();
    other[Symbol.dispose]();
    expect(await Promise.all(results)).toMatchObject([7, { code: 'ECANCELED' }]);
    job[Symbol.dispose]();
  });

  test('is typed: what the work returns, awaited; undefined for a fence', async () => {
    const queue = queueOf();
    const text: string = await queue.submit(() => Promise.resolve('text')).result();
    const one: number = await queue.submit(() => 1).result();
    expect([text, one]).toEqual(['text', 1]);
  });
});

describe('cancel', () => {
  test('of one that has not begun decides it', async () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    using job = queue.submit(unit.run);
    expect([job.cancel(), job.cancel(), job.status, queue.waiting]).toEqual([true, false, 'failed', 0]);
    expect([job.scheduled.error, job.finished.error?.code]).toEqual([job.finished.error, 'ECANCELED']);
    expect(await rejection(job.result())).toBe(job.finished.error);
  });

  test('of one that runs aborts its signal, and finished ends as the work does', async () => {
    const { promise, open } = gate<number>();
    const queue = queueOf();
    using job = queue.submit(() => promise);
    const error = new Error('enough');
    expect([job.cancel(error), job.signal.reason as Error, job.status]).toEqual([false, error, 'running']);
    expect(job.cancel('EIO')).toBe(false);
    expect(job.signal.reason).toBe(error);
    open(7);
    await expect(job.result()).resolves.toBe(7);
    expect(job.cancel()).toBe(false);
  });

  test('before arm is remembered: arm makes fences that fail', () => {
    using job = queueOf().job(() => 1);
    expect([job.cancel('EIO'), job.cancel(), job.status]).toEqual([true, false, 'prepared']);
    job.arm();
    expect([job.status, job.finished.error?.code]).toEqual(['failed', 'EIO']);
    job.push();
    expect(job.status).toBe('failed');
  });

  test('takes a code or an error, and refuses anything else before anything has changed', () => {
    const queue = queueOf();
    using _paused = queue.pause();
    using job = queue.submit(() => 1);
    expect(code(() => job.cancel('ENOTHING' as never))).toBe('EINVAL');
    expect(code(() => job.cancel(7 as never))).toBe('EINVAL');
    expect(code(() => queue.cancel('ENOTHING' as never))).toBe('EINVAL');
    expect(job.status).toBe('waiting');
    const error = new FenceError('ENODEV', 'unplugged');
    job.cancel(error);
    expect(job.finished.error).toBe(error);
  });

  test('leaves nothing on what it waited for', () => {
    const queue = queueOf();
    const blocker = fence();
    using a = queue.submit(() => 1, { after: [blocker] });
    using other = queue.submit(() => 1, { after: [blocker] });
    const jobs = Array.from({ length: 10 }, () => queue.submit(() => 1, { after: [a] }));
    expect(blocker.refCount).toBe(3);
    for (const job of jobs) job.cancel();
    a.cancel();
    expect(blocker.refCount).toBe(2);
    blocker.signal();
    expect([blocker.refCount, other.status]).toEqual([1, 'finished']);
  });

  test('from a callback of a fence decides at once', () => {
    const unit = new Unit();
    const queue = queueOf();
    using a = queue.submit(unit.run, { name: 'a' });
    using b = queue.submit(unit.run, { name: 'b' });
    const log: unknown[] = [];
    a.finished.addCallback(() => log.push(b.cancel(), b.finished.status));
    unit.end('a');
    expect(log).toEqual([true, 'failed']);
    expect(unit.began).toEqual(['a']);
  });
});

describe('an AbortSignal', () => {
  test('cancels the job; jobs that share it share one listener, which goes with the last', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listeners--, remove(...args));
    const unit = new Unit();
    const queue = queueOf();
    using a = queue.submit(unit.run, { name: 'a', signal });
    using b = queue.submit(unit.run, { name: 'b', signal });
    queue.submit(() => 1, { signal });
    expect(listeners).toBe(1);
    controller.abort();
    expect([a.signal.reason, a.status, b.status]).toEqual([signal.reason, 'running', 'failed']);
    expect(b.finished.error).toMatchObject({ code: 'ECANCELED', cause: signal.reason as unknown });
    unit.end('a');
    await turn();
    const other = new AbortController();
    queue.submit(() => 1, { signal: other.signal });
    other.abort();
    expect(a.status).toBe('finished');
  });

  test('that has aborted before cancels at arm; a reason that is no error becomes ECANCELED with it as cause', () => {
    const queue = queueOf();
    using job = queue.submit(() => 1, { signal: AbortSignal.abort('user left') });
    expect(job.finished.error).toMatchObject({ code: 'ECANCELED', cause: 'user left' });
    const controller = new AbortController();
    using prepared = queue.job(() => 1, { signal: controller.signal });
    controller.abort(new Error('bad'));
    expect(prepared.status).toBe('prepared');
    prepared.arm();
    expect(prepared.finished.error).toMatchObject({ code: 'EIO', cause: new Error('bad') });
  });

  test('of a running job gets an error as its reason, whatever aborted it', () => {
    const controller = new AbortController();
    const unit = new Unit();
    using job = queueOf().submit(unit.run, { name: 'job', signal: controller.signal });
    controller.abort('user left');
    expect(job.signal.reason).toMatchObject({ code: 'ECANCELED', cause: 'user left' });
  });
});

describe('timeouts', () => {
  test('the credits stay taken until the work has really ended', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({ timeoutMs: 100 });
    using hung = queue.submit(unit.run, { name: 'hung' });
    using next = queue.submit(() => 1);
    await clock.advance(100);
    expect([hung.status, hung.finished.error?.code, hung.signal.aborted]).toEqual(['failed', 'ETIME', true]);
    expect(hung.signal.reason).toBe(hung.finished.error);
    expect([queue.running, queue.creditsInUse, next.status]).toEqual([1, 1, 'waiting']);
    expect(await rejection(hung.result())).toBe(hung.finished.error);
    unit.end('hung');
    expect([queue.running, next.status, hung.finished.error?.code]).toEqual([0, 'finished', 'ETIME']);
    expect(clock.timers).toBe(0);
  });

  test('or until abandon says so', async () => {
    using clock = virtualClock();
    const queue = queueOf({ timeoutMs: 100 });
    const { promise, open } = gate();
    using hung = queue.submit(() => promise);
    using next = queue.submit(() => 1);
    await clock.advance(100);
    hung.abandon();
    hung.abandon();
    expect([queue.running, next.status]).toEqual([0, 'finished']);
    open();
    await turn();
    expect([queue.running, hung.finished.error?.code]).toEqual([0, 'ETIME']);
  });

  test('abandon inside onTimeout gives the credits back with ETIME', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({
      timeoutMs: 100,
      onTimeout: (job) => {
        job.abandon();
        return 'extend';
      },
    });
    using hung = queue.submit(unit.run, { name: 'hung' });
    using next = queue.submit(() => 1);
    await clock.advance(100);
    expect([hung.finished.error?.code, hung.signal.aborted, next.status]).toEqual([
      'ETIME',
      true,
      'finished',
    ]);
    expect([clock.timers, unit.fence('hung').refCount]).toEqual([0, 0]);
  });

  test('a job that ends inside onTimeout has ended', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({
      timeoutMs: 100,
      onTimeout: ({ name }) => {
        unit.end(name);
        return 'fail';
      },
    });
    using job = queue.submit(unit.run, { name: 'job' });
    await clock.advance(100);
    expect([job.status, job.signal.aborted]).toEqual(['finished', false]);
  });

  test('an onTimeout that throws is the cause; another answer counts as fail', async () => {
    using clock = virtualClock();
    for (const answer of ['extended', undefined]) {
      const unit = new Unit();
      const queue = queueOf({ timeoutMs: 100, onTimeout: () => answer as 'fail' });
      using job = queue.submit(unit.run, { name: 'job' });
      await clock.advance(100);
      expect(job.finished.error?.code).toBe('ETIME');
      unit.end('job');
    }
    const unit = new Unit();
    const queue = queueOf({
      timeoutMs: 100,
      onTimeout: () => {
        throw new Error('no idea');
      },
    });
    using job = queue.submit(unit.run, { name: 'job' });
    await clock.advance(100);
    expect(job.finished.error).toMatchObject({ code: 'ETIME', cause: new Error('no idea') });
  });

  test("a job's own time goes before the queue's; time that it waits does not count", async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({ timeoutMs: 100 });
    using long = queue.submit(unit.run, { name: 'long', timeoutMs: Infinity });
    using short = queue.submit(unit.run, { name: 'short', timeoutMs: 10 });
    await clock.advance(1000);
    expect([long.status, clock.timers]).toEqual(['running', 0]);
    unit.end('long');
    await clock.advance(10);
    expect(short.finished.error?.message).toBe('job "short" of app:jobs: still running after 10 ms');
  });

  test('in a stream the next one begins when the work has really ended', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({ credits: 5, timeoutMs: 100 });
    using entity = queue.entity();
    using a = entity.submit(unit.run, { name: 'a' });
    using b = entity.submit(unit.run, { name: 'b', timeoutMs: Infinity });
    await clock.advance(100);
    expect([a.status, b.status]).toEqual(['failed', 'waiting']);
    unit.end('a');
    expect(b.status).toBe('running');
  });

  test('in an ordered queue it fails in its turn', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({ credits: 2, ordered: true });
    using a = queue.submit(unit.run, { name: 'a' });
    using b = queue.submit(unit.run, { name: 'b', timeoutMs: 10 });
    await clock.advance(10);
    expect([b.status, b.signal.aborted]).toEqual(['running', true]);
    unit.end('a');
    expect([b.finished.error?.code, queue.running]).toEqual(['ETIME', 1]);
    unit.end('b');
    expect([queue.running, a.status]).toEqual([0, 'finished']);
  });
});

describe('abandon', () => {
  test('lets credits and hardware go, and finished fails', () => {
    const unit = new Unit();
    const queue = queueOf();
    using job = queue.submit(unit.run, { name: 'job' });
    job.abandon('ENODEV');
    expect([job.finished.error?.code, queue.running, unit.fence('job').refCount, job.signal.aborted]).toEqual(
      ['ENODEV', 0, 0, false],
    );
  });

  test('before it began is refused, later does nothing', () => {
    const queue = queueOf();
    const paused = queue.pause();
    using job = queue.submit(() => 1);
    expect(code(() => job.abandon())).toBe('EINVAL');
    expect(code(() => job.abandon('ENOTHING' as never))).toBe('EINVAL');
    paused[Symbol.dispose]();
    job.abandon();
    expect(job.status).toBe('finished');
    using canceled = queue.job(() => 1);
    canceled.cancel();
    canceled.arm();
    canceled.abandon();
    expect(canceled.finished.error?.code).toBe('ECANCELED');
  });

  test('from inside of its own work: what that returns is let go', () => {
    const hardware = new DmaFenceContext({ driverName: 'hw', timelineName: 'unit' }).createFence();
    hardware.signal();
    const queue = queueOf();
    using job = queue.submit((job) => {
      job.abandon();
      return hardware;
    });
    expect([job.finished.error?.code, hardware.refCount, queue.running]).toEqual(['ECANCELED', 0, 0]);
  });
});

describe('its fences', () => {
  test('are the same each time, carry the job, and are borrowed', () => {
    const unit = new Unit();
    using job = queueOf().submit(unit.run, { name: 'job' });
    const { finished, scheduled } = job;
    expect([job.finished, job.scheduled, finished.data]).toEqual([finished, scheduled, job]);
    expect(isDmaFence(finished)).toBe(true);
    unit.end('job');
    expect([job.finished, job.scheduled]).toEqual([finished, scheduled]);
    using other = finished.get();
    job[Symbol.dispose]();
    job[Symbol.dispose]();
    expect([other.refCount, scheduled.refCount]).toEqual([1, 0]);
    expect([job.finished, job.finished.status]).toEqual([finished, 'signaled']);
  });

  test('asked for after the job was over are as they were', () => {
    using job = queueOf().submit(() => {
      throw new Error('no');
    });
    const { finished } = job;
    expect([finished, finished.seqno, finished.status, job.scheduled.status, finished.data]).toEqual([
      job.finished,
      1,
      'failed',
      'signaled',
      job,
    ]);
    const gone = queueOf().submit(() => 1);
    gone[Symbol.dispose]();
    expect([gone.finished.status, gone.finished.refCount, gone.finished]).toEqual([
      'signaled',
      0,
      gone.finished,
    ]);
  });

  test('of a job in a stream that nobody asked for are not held once it is over', () => {
    using entity = queueOf().entity();
    using first = entity.submit(() => 1);
    using second = entity.submit(() => 1);
    expect(second.finished.seqno).toBe(2);
    expect(first.finished.seqno).toBe(1);
    expect(first.finished.context).toBe(second.finished.context);
  });

  test('fail in the order in which the work failed, however late they are asked for', async () => {
    const queue = queueOf();
    using first = queue.submit(() => {
      throw new Error('first');
    });
    const second = fence();
    second.fail('EIO');
    using after = queue.submit(() => 1, { after: [second, first.finished] });
    expect(after.finished.error).toBe(first.finished.error);
    await turn();
  });

  test('one that somebody has put too often harms nobody else', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 2 });
    using entity = queue.entity();
    using a = entity.submit(unit.run, { name: 'a' });
    using b = entity.submit(unit.run, { name: 'b' });
    const { finished } = a;
    expect(finished.refCount).toBe(2);
    unit.end('a');
    expect(b.status).toBe('running');
  });
});

describe('arm and push', () => {
  test('only in this order, each once', () => {
    using job = queueOf().job(() => 1, { name: 'job' });
    expect(code(() => job.push())).toBe('EINVAL');
    expect(code(() => job.scheduled)).toBe('EINVAL');
    job.arm();
    expect(code(() => job.arm())).toBe('EINVAL');
    expect(thrown(() => job.addDependency(job.finished))).toMatchObject({
      message: 'job "job" of app:jobs: is armed: add dependencies before arm()',
    });
    job.push();
    expect(thrown(() => job.push())).toMatchObject({ code: 'EINVAL' });
  });

  test('push is refused while as many wait as may, and the job stays armed', () => {
    const unit = new Unit();
    const queue = queueOf({ maxWaiting: 1 });
    queue.submit(unit.run, { name: 'running' });
    using waiting = queue.submit(unit.run);
    using job = queue.job(() => 1);
    job.arm();
    expect(thrown(() => job.push())).toMatchObject({
      code: 'EBUSY',
      message: 'job "job 3" of app:jobs: push(): 1 jobs wait, and maxWaiting is 1; await queue.room() before',
    });
    expect(job.status).toBe('armed');
    expect(code(() => queue.submit(() => 1))).toBe('EBUSY');
    waiting.cancel();
    job.push();
    expect(job.status).toBe('waiting');
    job.cancel();
  });

  test('a job prints itself, without internals', () => {
    const job = forTest(queueOf().submit(() => 1, { name: 'seven' }));
    expect(JSON.stringify(job)).toBe('{"name":"seven","status":"finished","queue":"app:jobs"}');
    const show = (job as unknown as Record<symbol, () => unknown>)[Symbol.for('nodejs.util.inspect.custom')];
    expect(show?.call(job)).toEqual({ name: 'seven', status: 'finished', queue: 'app:jobs' });
  });
});
