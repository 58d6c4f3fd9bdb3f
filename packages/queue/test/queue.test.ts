import { DmaFenceContext, DmaReservation, FenceUsage } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { virtualClock } from '@dma-fence/core/testing';
import { JobQueue } from '@dma-fence/queue';
import { describe, expect, test } from 'vitest';
import { code, fence, forTest, gate, queueOf, rejection, thrown, turn, Unit } from './support.js';

describe('counts', () => {
  test('what waits, what runs, and the credits that are taken', () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 3 });
    expect([queue.credits, queue.waiting, queue.running, queue.creditsInUse]).toEqual([3, 0, 0, 0]);
    queue.submit(unit.run, { name: 'a', credits: 2 });
    queue.submit(unit.run, { name: 'b', credits: 2 });
    expect([queue.waiting, queue.running, queue.creditsInUse]).toEqual([1, 1, 2]);
    unit.end('a');
    expect([queue.waiting, queue.running, queue.creditsInUse]).toEqual([0, 1, 2]);
  });
});

describe('pause', () => {
  test('has nothing begin until every pause is disposed of, each once', () => {
    const log: string[] = [];
    const queue = queueOf();
    const [one, two] = [queue.pause(), queue.pause()];
    queue.submit(() => log.push('ran'));
    one[Symbol.dispose]();
    one[Symbol.dispose]();
    expect([log, queue.waiting]).toEqual([[], 1]);
    two[Symbol.dispose]();
    expect([log, queue.waiting]).toEqual([['ran'], 0]);
  });

  test('from inside of work holds back those behind it', () => {
    const log: string[] = [];
    const queue = queueOf();
    const pauses: Disposable[] = [];
    queue.submit(() => {
      pauses.push(queue.pause());
      queue.submit(() => log.push('later'));
    });
    expect(log).toEqual([]);
    for (const pause of pauses) pause[Symbol.dispose]();
    expect(log).toEqual(['later']);
  });
});

describe('close', () => {
  test('nothing more may be armed or pushed; what was pushed still runs, what is armed fails', () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'a' });
    using waiting = queue.submit(unit.run, { name: 'b' });
    using armed = queue.job(() => 1);
    armed.arm();
    using prepared = queue.job(() => 1);
    queue.close();
    queue.close();
    expect(armed.finished.error?.code).toBe('ECANCELED');
    expect([code(() => prepared.arm()), code(() => armed.push()), code(() => queue.submit(() => 1))]).toEqual(
      ['ECANCELED', 'ECANCELED', 'ECANCELED'],
    );
    unit.end('a');
    expect(waiting.status).toBe('running');
  });

  test('await using runs what was pushed to its end', async () => {
    const log: string[] = [];
    {
      await using queue = new JobQueue({ driverName: 'app', timelineName: 'jobs' });
      for (const name of ['a', 'b']) {
        queue.submit(async () => {
          await turn();
          log.push(name);
        });
      }
    }
    expect(log).toEqual(['a', 'b']);
  });

  test('disposing fails what waits, and begins nothing', () => {
    const queue = queueOf();
    const log: string[] = [];
    using entity = queue.entity();
    using armed = entity.job(() => log.push('armed'));
    armed.arm();
    using behind = entity.submit(() => log.push('behind'));
    queue[Symbol.dispose]();
    queue[Symbol.dispose]();
    expect([armed.finished.error?.code, behind.finished.error?.code, log]).toEqual([
      'ECANCELED',
      'ECANCELED',
      [],
    ]);
  });

  test('every fence that was armed ends, whatever goes first', () => {
    const unit = new Unit();
    for (const end of [
      (queue: JobQueue) => queue[Symbol.dispose](),
      (queue: JobQueue) => {
        queue.cancel();
        queue.close();
      },
    ]) {
      const queue = queueOf({ credits: 2 });
      using entity = queue.entity();
      const blocker = fence();
      const jobs = [
        queue.submit(unit.run, { name: 'running' }),
        queue.submit(unit.run, { after: [blocker] }),
        entity.submit(unit.run, { name: 'streamed' }),
        entity.submit(unit.run),
        entity.job(unit.run),
      ];
      jobs[4]?.arm();
      end(queue);
      unit.end('running');
      unit.end('streamed');
      expect(jobs.map(({ finished }) => finished.signaled)).toEqual(jobs.map(() => true));
      expect([queue.waiting, queue.running, blocker.refCount]).toEqual([0, 0, 1]);
      for (const job of jobs) job[Symbol.dispose]();
    }
  });
});

describe('cancel', () => {
  test('what waits fails, what runs is asked to stop; the queue goes on', () => {
    const unit = new Unit();
    const queue = queueOf();
    using running = queue.submit(unit.run, { name: 'running' });
    using waiting = queue.submit(unit.run);
    using armed = queue.job(() => 1);
    armed.arm();
    queue.cancel('ENODEV');
    expect([running.signal.aborted, waiting.finished.error?.code, armed.status]).toEqual([
      true,
      'ENODEV',
      'armed',
    ]);
    using next = queue.submit(() => 1);
    unit.end('running');
    expect([running.status, next.status]).toEqual(['finished', 'finished']);
  });

  test('does not reach jobs that its own callbacks submit', () => {
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'running' });
    using waiting = queue.submit(unit.run);
    const next: string[] = [];
    waiting.finished.addCallback(() => queue.submit(() => next.push('ran')));
    queue.cancel();
    unit.end('running');
    expect(next).toEqual(['ran']);
  });
});

describe('room', () => {
  test('is there at once while fewer wait than may, and in a queue without a limit', async () => {
    await queueOf().room();
    await queueOf({ maxWaiting: 1 }).room();
  });

  test('lets in one after the other, first come, first served: nobody is refused', async () => {
    const queue = queueOf({ maxWaiting: 2 });
    const order: number[] = [];
    const produce = async (id: number): Promise<void> => {
      for (let i = 0; i < 5; i++) {
        await queue.room();
        order.push(id);
        queue.submit(turn);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(produce));
    await queue.idle();
    expect(order.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order.length).toBe(30);
  });

  test('a place that nobody uses is the next one’s', async () => {
    const unit = new Unit();
    const queue = queueOf({ maxWaiting: 1 });
    queue.submit(unit.run, { name: 'running' });
    await queue.room();
    await queue.room();
    expect(queue.waiting).toBe(0);
  });

  test('takes the options of every wait, and keeps no place for who has left', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf({ maxWaiting: 1 });
    queue.submit(unit.run, { name: 'running' });
    using waiting = queue.submit(unit.run);
    const late = rejection(queue.room({ timeoutMs: 10 }));
    const aborted = rejection(queue.room({ signal: AbortSignal.abort('left') }));
    const patient = queue.room();
    await clock.advance(10);
    expect(await late).toMatchObject({ code: 'ETIME' });
    expect(await aborted).toBe('left');
    expect(await rejection(queue.room({ timeoutMs: -1 }))).toMatchObject({ code: 'EINVAL' });
    waiting.cancel();
    await patient;
    expect(clock.timers).toBe(0);
  });

  test('is refused once the queue is closed, also to those who wait', async () => {
    const unit = new Unit();
    const queue = queueOf({ maxWaiting: 1 });
    queue.submit(unit.run, { name: 'running' });
    queue.submit(unit.run);
    const waiting = rejection(queue.room());
    queue[Symbol.dispose]();
    expect(await waiting).toMatchObject({ code: 'ECANCELED' });
    expect(await rejection(queue.room())).toMatchObject({ code: 'ECANCELED' });
  });
});

describe('idle', () => {
  test('comes once nothing waits and nothing runs, and at once if that is so', async () => {
    const unit = new Unit();
    const queue = queueOf();
    await queue.idle();
    queue.submit(unit.run, { name: 'a' });
    queue.submit(unit.run, { name: 'b' });
    let idle = false;
    const waiting = queue.idle().then(() => (idle = true));
    unit.end('a');
    await turn();
    expect(idle).toBe(false);
    unit.end('b');
    await waiting;
    expect(idle).toBe(true);
  });

  test('comes also when what waited was canceled', async () => {
    const queue = queueOf();
    queue.submit(() => 1, { after: [fence()] });
    const waiting = queue.idle();
    queue.cancel();
    await waiting;
  });

  test('takes the options of every wait', async () => {
    using clock = virtualClock();
    const unit = new Unit();
    const queue = queueOf();
    queue.submit(unit.run, { name: 'a' });
    const late = rejection(queue.idle({ timeoutMs: 10 }));
    await clock.advance(10);
    expect(await late).toMatchObject({ code: 'ETIME' });
    expect(await rejection(queue.idle({ timeoutMs: NaN }))).toMatchObject({ code: 'EINVAL' });
  });
});

describe('submitReserved', () => {
  const buffers = (): DmaReservation[] => ['a', 'b'].map((name) => forTest(new DmaReservation({ name })));

  test('a reader waits for writers, a writer for everybody; those who come later wait for the job', async () => {
    const unit = new Unit();
    const queue = queueOf({ credits: 9 });
    const [a, b] = buffers() as [DmaReservation, DmaReservation];
    using write = await queue.submitReserved(unit.run, { name: 'write', writes: [a] });
    using read = await queue.submitReserved(unit.run, { name: 'read', reads: [a] });
    using too = await queue.submitReserved(unit.run, { name: 'too', reads: [a], writes: [b] });
    using again = await queue.submitReserved(unit.run, {
      name: 'again',
      reads: [a],
      writes: new Set([a, b]),
    });
    expect(unit.running).toEqual(['write']);
    unit.end('write');
    expect(unit.running).toEqual(['read', 'too']);
    unit.end('read');
    unit.end('too');
    expect(unit.running).toEqual(['again']);
    expect([...a.fences(FenceUsage.WRITE)]).toEqual([again.finished]);
    unit.end('again');
    expect([write.status, read.status, too.status, again.status]).toEqual(Array(4).fill('finished'));
  });

  test('an error of the present users does not fail it, unless they are named in after', async () => {
    const [a] = buffers() as [DmaReservation];
    const bad = fence();
    {
      using lock = await a.lock();
      lock.add(bad, FenceUsage.WRITE);
    }
    const queue = queueOf({ credits: 2 });
    using job = await queue.submitReserved(() => 7, { reads: [a] });
    using strict = await queue.submitReserved(() => 7, { reads: [a], after: [bad] });
    expect([job.status, strict.status]).toEqual(['waiting', 'waiting']);
    bad.fail('EIO');
    expect([job.status, strict.finished.error]).toEqual(['finished', bad.error]);
    expect(await job.result()).toBe(7);
  });

  test('in a stream, and in an ordered queue', async () => {
    const [a] = buffers() as [DmaReservation];
    const unit = new Unit();
    using entity = queueOf({ credits: 2 }).entity();
    using first = await entity.submitReserved(unit.run, { name: 'first', writes: [a] });
    const ring = queueOf({ credits: 2, ordered: true });
    using second = await ring.submitReserved(unit.run, { name: 'second', writes: [a] });
    using third = await ring.submitReserved(unit.run, { name: 'third', writes: [a] });
    expect(unit.running).toEqual(['first']);
    unit.end('first');
    unit.end('second');
    unit.end('third');
    expect([first.status, second.status, third.status]).toEqual(Array(3).fill('finished'));
  });

  test('without buffers it is a job like any other', async () => {
    const job = await queueOf().submitReserved(() => 7, undefined as never);
    expect(await job.result()).toBe(7);
  });

  test('nothing is left behind when it rejects', async () => {
    const [a] = buffers() as [DmaReservation];
    const queue = queueOf({ maxWaiting: 1 });
    const blocker = fence();
    const bad = (options: object): Promise<unknown> =>
      rejection(queue.submitReserved(() => 1, { after: [blocker], ...options }));
    expect(await bad({ writes: [7] })).toMatchObject({ code: 'EINVAL' });
    expect(await bad({ reads: 7 })).toMatchObject({ code: 'EINVAL' });
    expect(await bad({ credits: 9 })).toMatchObject({ code: 'EINVAL' });
    const held = await lockdep.task('another', () => a.lock());
    const controller = new AbortController();
    const aborted = bad({ writes: [a], signal: controller.signal });
    controller.abort('left');
    expect(await aborted).toBe('left');
    const full = bad({ writes: [a] });
    queue.submit(() => 1, { after: [blocker] });
    held.unlock();
    expect(await full).toMatchObject({ code: 'EBUSY' });
    expect(await bad({})).toMatchObject({ code: 'EBUSY' });
    expect(blocker.refCount).toBe(2);
    const lock = a.tryLock();
    expect(lock).toBeDefined();
    lock?.unlock();
    queue.close();
    expect(await bad({})).toMatchObject({ code: 'ECANCELED' });
    expect([...a.fences(FenceUsage.BOOKKEEP)]).toEqual([]);
  });
});

describe('options', () => {
  test('that are wrong are refused with the name of the queue', () => {
    for (const options of [
      { concurrency: 4 },
      { credits: 0 },
      { credits: 1.5 },
      { credits: '2' },
      { ordered: 1 },
      { maxWaiting: 0 },
      { maxWaiting: NaN },
      { maxWaiting: '2' },
      { timeoutMs: 0 },
      { timeoutMs: NaN },
      { onTimeout: 'fail' },
      { driverName: 'a:b' },
      { timelineName: undefined },
    ]) {
      expect([options, code(() => queueOf(options as object))]).toEqual([options, 'EINVAL']);
    }
    expect(thrown(() => queueOf({ credits: 0 }))).toMatchObject({
      message: 'queue app:jobs: credits must be an integer from 1, not 0',
    });
    for (const bad of [undefined, null, 7]) expect(code(() => new JobQueue(bad as never))).toBe('EINVAL');
  });

  test('undefined ones are the defaults', async () => {
    const queue = queueOf({
      credits: undefined,
      ordered: undefined,
      maxWaiting: undefined,
      timeoutMs: undefined,
    });
    expect(queue.credits).toBe(1);
    const job = queue.submit(() => 7, {
      name: undefined,
      after: undefined,
      signal: undefined,
      priority: undefined,
    });
    expect([await job.result(), job.name]).toEqual([7, 'job 1']);
  });
});

describe('two queues', () => {
  test('hand on between each other inside one signal', () => {
    const cpu = queueOf({ timelineName: 'cpu' });
    const gpu = queueOf({ timelineName: 'gpu' });
    const log: string[] = [];
    const start = fence();
    let last = cpu.submit(() => log.push('0'), { after: [start] });
    for (let i = 1; i < 10; i++) {
      last = (i % 2 === 0 ? cpu : gpu).submit(() => log.push(String(i)), { after: [last] });
    }
    start.signal();
    expect(log.join('')).toBe('0123456789');
  });
});

test('work of a queue runs again and again without growing the stack', async () => {
  const queue = queueOf();
  const { promise, open } = gate();
  let count = 0;
  const again = (): void => {
    if (++count === 20_000) open();
    else queue.submit(again);
  };
  queue.submit(again);
  await promise;
  expect(count).toBe(20_000);
});

test('the context of a queue is for names', () => {
  const queue = queueOf();
  expect(queue.context).toBeInstanceOf(DmaFenceContext);
  expect([queue.context.driverName, queue.context.timelineName]).toEqual(['app', 'jobs']);
});
